"""What is kept about people: every field of every model, declared by the app that owns it.

An app's `personal.py` holds PERSONAL (model -> field -> what it is for, how long, who sees it)
and REST (model -> the names of its other fields), for its own models and for those of the
libraries that it brings along. OWNERS names, where no foreign key says it, by which lookups a
row belongs to a person; NAMES the words for a model or field whose own name is not Chinese;
OTHERS, for a way in by which somebody only handled a row, the fields that are about or by
others and stay out of his file. The table of the manual, the page 我的信息 and its export read
this.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.module_loading import module_has_submodule

ORDINARY, SENSITIVE = "一般", "敏感"


@dataclass(frozen=True)
class Personal:
    """One personal field. `kept` may name settings in braces; a secret is never shown."""

    purpose: str
    kept: str
    seen_by: str
    grade: str = ORDINARY
    is_secret: bool = False

    @property
    def retention(self) -> str:
        """How long it is kept, with the figures of this site."""
        return self.kept.format_map(_Settings())


class _Settings(dict):
    def __missing__(self, name: str) -> int:
        return getattr(settings, name)


@dataclass
class _Registry:
    personal: dict[str, dict[str, Personal]] = field(default_factory=dict)
    rest: dict[str, set[str]] = field(default_factory=dict)
    owners: dict[str, tuple[str, ...]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)

    def load(self) -> "_Registry":
        """Gather the declarations of all apps, once, on first use."""
        if not self.personal:
            for config in apps.get_app_configs():
                if module_has_submodule(config.module, "personal"):
                    module = import_module(f"{config.name}.personal")
                    self.personal.update(module.PERSONAL)
                    self.rest.update({name: set(words.split())
                                      for name, words in module.REST.items()})
                    self.owners.update(getattr(module, "OWNERS", {}))
                    self.names.update(getattr(module, "NAMES", {}))
                    self.others.update(getattr(module, "OTHERS", {}))
        return self


_registry = _Registry()


@dataclass(frozen=True)
class Holding:
    """One way in which rows of a model belong to a person."""

    model: type[models.Model]
    lookup: str

    @property
    def label(self) -> str:
        """The model in plain words."""
        return model_name(self.model)

    @property
    def role(self) -> str:
        """As what the person stands in the row: 填报人, 审核人."""
        return field_name(self.model, self.lookup.partition("__")[0])

    @property
    def fields(self) -> dict[str, Personal]:
        """The personal fields that may be shown to this person."""
        label = f"{self.model._meta.label_lower}.{self.lookup}"
        others = _registry.load().others.get(label, "").split()
        return {name: each for name, each in declared(self.model).items()
                if not each.is_secret and name not in others}

    def rows(self, pk):
        """The rows of the person with this key. They are his own, so no scope is asked."""
        return self.model._base_manager.filter(self._condition(pk))

    def _condition(self, pk) -> Q:
        return Q(**{self.lookup: str(pk) if self._is_text else pk})

    @property
    def _is_text(self) -> bool:
        name = self.lookup.partition("__")[0]
        return isinstance(self.model._meta.get_field(name), models.CharField)

    def counted(self) -> Coalesce:
        """How many rows, as a part of one statement about the person."""
        outer = models.functions.Cast(OuterRef("pk"), models.CharField()) if self._is_text else (
            OuterRef("pk"))
        rows = self.model._base_manager.filter(**{self.lookup: outer}).order_by()
        one = rows.annotate(_one=models.Value(1)).values("_one")
        return Coalesce(Subquery(one.annotate(n=Count("pk")).values("n")), 0)


def model_name(model: type[models.Model]) -> str:
    """A model in plain words."""
    return _registry.load().names.get(model._meta.label_lower, str(model._meta.verbose_name))


def field_name(model: type[models.Model], name: str) -> str:
    """A field in plain words."""
    label = f"{model._meta.label_lower}.{name}"
    own = getattr(model._meta.get_field(name), "verbose_name", name)
    return _registry.load().names.get(label, str(own))


def declared(model: type[models.Model]) -> dict[str, Personal]:
    """The personal fields of a model."""
    return _registry.load().personal.get(model._meta.label_lower, {})


def unclassified() -> list[str]:
    """Fields that no declaration names, and declarations of fields that are gone or are named
    twice; empty when the table is complete."""
    found, registry = [], _registry.load()
    real = {}
    for model in apps.get_models(include_auto_created=False):
        label = model._meta.label_lower
        real[label] = {each.name for each in model._meta.get_fields()
                       if each.concrete and not each.auto_created or each.name == "id"}
    for label in sorted({*real, *registry.personal, *registry.rest}):
        personal, rest = set(registry.personal.get(label, ())), registry.rest.get(label, set())
        fields = real.get(label, set())
        found += [f"{label}.{name}: 没有归类" for name in sorted(fields - personal - rest)]
        found += [f"{label}.{name}: 没有这个字段" for name in sorted((personal | rest) - fields)]
        found += [f"{label}.{name}: 归了两类" for name in sorted(personal & rest)]
    return found


def holdings() -> list[Holding]:
    """Every way in which a row belongs to a person, in order of the models."""
    user, found, owners = get_user_model(), [], _registry.load().owners
    for model in apps.get_models():
        links = [each.name for each in model._meta.get_fields()
                 if each.concrete and each.is_relation and each.related_model is user]
        found += [Holding(model, name)
                  for name in (*links, *owners.get(model._meta.label_lower, ()))]
    return found


def counts(user) -> list[tuple[Holding, int]]:
    """How many rows of each kind are kept about `user`; one statement for all of them."""
    ways = holdings()
    rows = get_user_model()._base_manager.filter(pk=user.pk)
    numbers = rows.values_list(*(way.counted() for way in ways)).get()
    return [pair for pair in zip(ways, numbers, strict=True) if pair[1]]


def records(way: Holding, user) -> Iterator[dict[str, object]]:
    """The rows as field label -> value; another person stands by his name."""
    meta, names, labels = way.model._meta, [], []
    for name in way.fields:
        each = meta.get_field(name)
        is_person = each.is_relation and each.related_model is get_user_model()
        names.append(f"{name}__name" if is_person else name)
        labels.append(field_name(way.model, name))
    for values in way.rows(user.pk).order_by("pk").values_list(*names).iterator(chunk_size=500):
        yield dict(zip(labels, values, strict=True))


def table() -> list[tuple[str, str, str, Personal]]:
    """Every personal field: model, table and field, label, what was declared."""
    found = []
    for model in apps.get_models():
        for name, each in declared(model).items():
            found.append((model_name(model), f"{model._meta.label_lower}.{name}",
                          field_name(model, name), each))
    return found
