"""Definition files as their authors write them, and as one mapping that needs no other file.

A definition may hold sections that stand in files of their own: ``{from: service/camhs.yaml}`` among the
sections of service.yaml stands for those of that module.
"""

import re
from collections.abc import Mapping
from pathlib import Path

import yaml

from mapping.returns.classification import classification

FOLDER = Path(__file__).parent / "definitions"
LISTS = "lists.yaml"


class BadModule(ValueError):
    """A file that a definition takes sections from cannot be used; the message says why.

    ``file``: the definition or the module that has to be changed.
    """

    def __init__(self, file, message):
        super().__init__(message)
        self.file = file


class Located(dict):
    """A mapping of a definition file that knows its file and line."""

    file = ""
    line = 0


class Reader(yaml.CSafeLoader):
    """YAML with the two words true and false as booleans, so that keys and answers may be yes, no and on."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key!r} stands twice in one mapping", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep)

    def located(self, node):
        result = Located()
        result.file = node.start_mark.name
        result.line = node.start_mark.line + 1
        yield result
        result.update(self.construct_mapping(node))


NOT_RESOLVED = ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:int")
Reader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in NOT_RESOLVED]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Reader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))
Reader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile("^(0|-?[1-9][0-9]*)$"), list("-0123456789"))
Reader.add_constructor("tag:yaml.org,2002:map", Reader.located)


def read(path):
    """A definition file as one mapping that needs no other file and survives storage as JSON.

    Options and rows become lists of mappings with a ``key`` (JSON objects in the database keep no order),
    shared lists and the sections of modules stand in full where they are used. Raises OSError,
    yaml.YAMLError, BadModule and KeyError for an unknown list.
    """
    path = Path(path)
    return expanded(assembled(path), shared_lists(path.with_name(LISTS)))


def parsed(path):
    """A YAML file as its author wrote it, mappings with their file and line."""
    with Path(path).open(encoding="utf-8") as stream:
        return yaml.load(stream, Reader)  # noqa: S506 (a SafeLoader)


def assembled(path):
    """A definition as its authors wrote it, with the sections of its modules in their places."""
    source = parsed(path)
    if isinstance(source, dict) and isinstance(source.get("sections"), list):
        source["sections"] = [
            section for entry in source["sections"] for section in _sections_of(entry, path)
        ]
    return source


def _sections_of(entry, path):
    """The sections that an entry of a definition's list stands for: itself, or those of a module."""
    if not isinstance(entry, Mapping) or "from" not in entry:
        return [entry]
    module = path.parent / str(entry["from"])
    if set(entry) != {"from"} or module not in modules_of(path):
        raise BadModule(path, f"{entry['from']} is no module: those of {path.name} stand in {path.stem}/")
    return sections_of_module(module)


def modules_of(path):
    """The module files that a definition may take sections from: those in the folder of its name."""
    return sorted(path.with_suffix("").glob("*.yaml"))


def sections_of_module(module):
    """The sections of a module as their author wrote them; raises BadModule where it holds anything else."""
    source = parsed(module)
    sections = source.get("sections") if isinstance(source, Mapping) and len(source) == 1 else None
    if not isinstance(sections, list):
        raise BadModule(module, "a module holds a list of sections and nothing else")
    return sections


def files_of(path):
    """All files that a definition may be made of: itself, its modules and the shared lists."""
    return [path, path.with_name(LISTS), *modules_of(path)]


def stamps_of(path):
    """When each file of a definition was last changed: what was read of it holds as long as this stays the same."""
    return tuple((file, file.stat().st_mtime_ns) for file in files_of(path) if file.exists())


def shared_lists(path):
    """The option and row lists by name: those of a lists file, and those of the classification."""
    known = classification()
    lists = {name: getattr(known, name) for name in ("tiers", "sectors", "outcomes", "staff_groups")}
    own = {name: [listed_item(item) for item in entries.values()] for name, entries in lists.items()}
    own["categories"] = [{"key": code, "label": item.name} for code, item in known.categories.items()]
    return own | (parsed(path) if path.exists() else {})


def listed_item(item):
    entry = {"key": item.key, "label": item.name, "help": item.hint, "group": item.heading}
    return {name: text for name, text in entry.items() if text}


def expanded(source, lists):
    """A definition, or a part of it, with all options and rows as full lists."""
    if isinstance(source, list):
        return [expanded(item, lists) for item in source]
    if not isinstance(source, Mapping):
        return source
    return {name: _expanded_part(name, value, lists) for name, value in source.items()}


def _expanded_part(name, value, lists):
    if name == "rules":  # there, options and rows are arguments of a check
        return value
    return entries_of(value, lists) if name in ("options", "rows") else expanded(value, lists)


def entries_of(source, lists):
    """Options or rows as a list of mappings with a key.

    source: ``{key: label or mapping, ...}``, ``{list: name}`` (with ``each``: what every entry gets beside),
    or a list of such and of mappings with a key.
    """
    if isinstance(source, list):
        return [entry for part in source for entry in entries_of(part, lists)]
    if "list" in source and set(source) <= {"list", "each"}:
        return [entry | source.get("each", {}) for entry in entries_of(lists[source["list"]], lists)]
    if "key" in source:
        return [dict(source)]
    return [
        {"key": key} | ({"label": item} if isinstance(item, str) else item) for key, item in source.items()
    ]
