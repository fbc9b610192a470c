"""Screenshots of every main page at phone and desk width, from a running demo (`make run`).

Reads the password where `manage.py demo` keeps it; writes docs/shots/<width>/<name>.png.
"""

import os
import re
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
BASE = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
PASSWORD = (Path(os.environ.get("DATA_DIR", ROOT / "var")) / "demo_password").read_text()[:16]
SIZES = {"phone": (390, 844), "desk": (1440, 900)}
# A phone page is shown whole up to this height, in CSS pixels.
TALLEST = 3000
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]

# account -> (name, address, or the pattern of a link to follow from the page before)
TOURS: dict[str, list[tuple[str, str]]] = {
    "": [("login", "/accounts/login/")],
    "jyj_zb1": [
        ("todo", "/"), ("list", r"/lists/ link:/lists/\d+/$"),
        ("list-history", r"link:/lists/\d+/history/"),
        ("report-returned", r"/ link:/tasks/\d+/report/"),
        ("task", r"/lists/ link:/lists/\d+/$ link:/tasks/\d+/$"),
        ("task-history", r"link:/tasks/\d+/history/"), ("me", "/me/"),
        ("my-data", "/me/data/"), ("sessions", "/me/sessions/"),
        ("leave", r"/me/ link:/me/posts/\d+/leave/"),
        ("second-factor", "/accounts/2fa/"), ("password", "/accounts/password/change/"),
        ("duty", r"/ link:/tasks/\d+/report/ link:/duties/\d+/"),
        ("petition", r"/ link:/tasks/\d+/report/ link:/tasks/\d+/ask/"),
        ("not-found", "/tasks/999999/"), ("forbidden", "/admin/"),
    ],
    "jyj_zb4": [("report", r"/ link:/tasks/\d+/report/")],
    "czj_zz": [("report-number", r"/ link:/tasks/\d+/report/")],
    "jyj_jgdw": [
        ("todo-clerk", "/"), ("lists-clerk", "/lists/"), ("review-queue", "/review/"),
        ("list-edit", r"/lists/ link:/lists/\d+/$ link:/lists/\d+/edit/"),
        ("list-coverage", r"link:/lists/\d+/coverage/"),
        ("list-print", r"/lists/ link:/lists/\d+/$ link:/lists/\d+/print/"),
        ("outstanding", "/outstanding/"), ("petitions", "/petitions/"),
        ("directory", "/organizations/"), ("tree", "/organizations/tree/"),
        ("organization", r"/organizations/ link:/organizations/\d+/$"),
        ("vacancies", "/organizations/changes/"),
        ("review", r"/review/ link:/review/\d+/$"),
        ("event", r"/lists/ link:/lists/\d+/$ link:/items/\d+/open/"),
    ],
    "jyj_shuji": [("todo-leader", "/"), ("confirm", "/confirm/"),
                  ("send-back", r"link:/tasks/\d+/send-back/")],
    "jyj_chengyuan": [("todo-empty", "/")],
    "gongwei": [("admin", "/admin/"), ("admin-review", r"/admin/review/ link:/admin/review/\d+/$"),
                ("admin-units", "/admin/organizations/organization/"),
                ("admin-outstanding", "/admin/outstanding/"),
                ("admin-ad-hoc", "/admin/ad-hoc/"), ("admin-ad-hoc-new", "/admin/ad-hoc/new/"),
                ("admin-petitions", "/admin/petitions/"),
                ("admin-catalogue", "/admin/duties/duty/"),
                ("admin-duty", r"link:/admin/duties/duty/\d+/change/")],
    "gongwei_admin": [("admin-publish", "/admin/publish/"), ("admin-years", "/admin/years/"),
                      ("admin-working-days", "/admin/calendar/"),
                      ("admin-versions", "/admin/catalogue/"),
                      ("admin-parameters", "/admin/duties/parameter/"),
                      ("admin-roster", "/admin/roster/"),
                      ("admin-proposals", "/admin/proposals/")],
    "xitong": [("admin-accounts", "/admin/organizations/user/")],
    "shenji": [("admin-audit", "/admin/audit/")],
}


def log_in(page: Page, username: str) -> None:
    """Through the login page, as people do."""
    page.goto(f"{BASE}/accounts/login/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit], main form button")
    page.wait_for_load_state()


def walk(page: Page, route: str) -> None:
    """Open addresses and follow links: `link:PATTERN` is the first link that fits."""
    for part in route.split(" "):
        if part.startswith("link:"):
            pattern = part.removeprefix("link:")
            links = page.eval_on_selector_all(
                "a[href]", "all => all.map(a => a.getAttribute('href'))")
            fitting = [link for link in links if link and re.search(pattern, link)]
            if not fitting:
                sys.exit(f"no link {pattern} on {page.url}")
            page.goto(BASE + fitting[0])
        else:
            page.goto(BASE + part)


def tour(browser: Browser, username: str, size: str) -> None:
    """All pages of one account at one size."""
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height},
                                  device_scale_factor=2 if size == "phone" else 1, locale="zh-CN")
    page = context.new_page()
    if username:
        log_in(page, username)
    folder = ROOT / "docs" / "shots" / size
    folder.mkdir(parents=True, exist_ok=True)
    for name, route in TOURS[username]:
        walk(page, route)
        tall = page.evaluate("document.documentElement.scrollHeight") if size == "phone" else 0
        page.screenshot(path=folder / f"{name}.png", full_page=True, clip={
            "x": 0, "y": 0, "width": width, "height": max(height, min(tall, TALLEST))})
    context.close()


def main() -> None:
    """Every account at every size; names on the command line choose some."""
    chosen = sys.argv[1:] or list(TOURS)
    with sync_playwright() as tool:
        browser = tool.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or "/usr/bin/chromium", args=FLAGS)
        for username in chosen:
            for size in SIZES:
                tour(browser, username, size)
        browser.close()


if __name__ == "__main__":
    main()
