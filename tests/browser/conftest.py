"""A browser on the live server: phone or desk, watched for errors and requests outside."""

import os
from dataclasses import dataclass, field
from threading import Lock
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.handlers.wsgi import WSGIHandler
from playwright.sync_api import Page

from tests.city import PASSWORD

PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 700}
DESK = {"width": 1440, "height": 900}
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]
# Everything that a finger must hit.
SMALL_TARGETS = """() => [...document.querySelectorAll(
    'main a.fz-btn, main button, nav a, .fz-task > a, .fz-actbar button, input[type=text],' +
    'textarea')]
  .filter(e => e.offsetParent && e.getBoundingClientRect().height < 43.5
    && !e.closest('.fz-hidden'))
  .map(e => e.outerHTML.slice(0, 90))"""
SMALL_TEXT = """() => [...document.querySelectorAll('main input, main textarea, main select')]
  .filter(e => e.offsetParent && parseFloat(getComputedStyle(e).fontSize) < 16)
  .map(e => e.outerHTML.slice(0, 90))"""


@pytest.fixture(scope="session")
def browser_type_launch_args():
    """The machine's own Chromium; Playwright brings none."""
    return {"executable_path": os.environ["CHROMIUM"], "args": FLAGS}


@dataclass
class Person:
    """Somebody at a screen. Remembers everything that went wrong in the browser."""

    page: Page
    base: str
    problems: list[str] = field(default_factory=list)
    axe: Axe = field(default_factory=Axe)

    def watch(self) -> None:
        """Note console errors and requests that leave the machine."""
        self.page.on("console", lambda message: message.type == "error"
                     and self.problems.append(f"{self.page.url}: {message.text}"))
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("request", self.note_request)

    def note_request(self, request) -> None:
        """Only this server is spoken to."""
        host = urlsplit(request.url).netloc
        if host and host != urlsplit(self.base).netloc:
            self.problems.append(f"request to {request.url}")

    def log_in(self, username: str, password: str = PASSWORD) -> None:
        """Through the login page."""
        self.open("/accounts/login/")
        self.page.get_by_label("账号").fill(username)
        self.page.get_by_label("密码").fill(password)
        self.page.get_by_role("button", name="登录").click()
        self.page.wait_for_load_state()

    def open(self, path: str) -> None:
        """Go to an address of the site."""
        self.page.goto(self.base + path)

    def follow(self, name: str) -> None:
        """Click the first link with these words."""
        self.page.get_by_role("link", name=name).first.click()
        self.page.wait_for_load_state()

    def press(self, name: str) -> None:
        """Press the button with these words."""
        self.page.get_by_role("button", name=name).first.click()
        self.page.wait_for_load_state()

    def text(self) -> str:
        """Everything that can be read in the main part."""
        return self.page.locator("main").inner_text()

    def judge(self) -> None:
        """No accessibility finding, nothing sideways, and on a phone targets for fingers."""
        found = self.axe.run(self.page).response["violations"]
        named = [f"{f['id']}: {n['html'][:120]}" for f in found for n in f["nodes"]]
        assert not named, f"{self.page.url}\n" + "\n".join(named)
        wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{self.page.url} scrolls {wide} px sideways"
        if self.page.viewport_size["width"] <= PHONE["width"]:
            for what in (SMALL_TARGETS, SMALL_TEXT):
                assert not self.page.evaluate(what), (self.page.url, self.page.evaluate(what))

    def show(self, path: str) -> None:
        """Open an address and judge the page."""
        self.open(path)
        self.judge()


@pytest.fixture(autouse=True)
def _one_at_a_time(monkeypatch):
    """All threads of the live server share one connection in memory, which serves one request
    at a time; a site's requests have connections of their own."""
    answer, turn = WSGIHandler.get_response, Lock()

    def in_turn(self, request):
        with turn:
            return answer(self, request)

    monkeypatch.setattr(WSGIHandler, "get_response", in_turn)


@pytest.fixture
def person(browser, live_server, standing_city):
    """`person("jyj_zb1", PHONE)`: that person, logged in, at a screen of that size."""
    people = []

    def make(username: str = "", size=PHONE, **options) -> Person:
        context = browser.new_context(viewport=size, locale="zh-CN",
                                      timezone_id="Asia/Shanghai", **options)
        context.set_default_timeout(15_000)
        one = Person(context.new_page(), live_server.url)
        one.watch()
        people.append(one)
        if username:
            one.log_in(username)
        return one

    yield make
    problems = [problem for one in people for problem in one.problems]
    for one in people:
        one.page.context.close()
    assert not problems, problems
