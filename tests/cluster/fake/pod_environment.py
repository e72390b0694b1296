"""What a pod's containers get from the cluster: their environment and files, with every reference followed."""

import base64
import re

from .errors import not_found
from .kinds import KindRegistry
from .store import Store
from .values import Json, at

_EXPANSION = re.compile(r"\$\$|\$\(([A-Za-z_][A-Za-z0-9_.-]*)\)")


class UnresolvedReferenceError(Exception):
    """A reference that leads nowhere; the pod waits in CreateContainerConfigError until it does."""


class References:
    """Follows references to Secrets, ConfigMaps and the pod's own fields."""

    def __init__(self, store: Store, kinds: KindRegistry) -> None:
        self._store = store
        self._kinds = kinds

    def environment(self, pod: Json, container: Json) -> dict[str, str]:
        """The container's variables, with `$(NAME)` expanded as the kubelet does.

        Raises:
            UnresolvedReferenceError: a Secret, a ConfigMap or one of its keys is not there.
        """
        variables: dict[str, str] = {}
        for source in container.get("envFrom", ()):
            variables |= self._all_keys(pod, source)
        for variable in container.get("env", ()):
            value = self._value(pod, variable)
            if value is not None:
                variables[variable["name"]] = _expand(value, variables)
        return variables

    def arguments(self, container: Json, environment: dict[str, str]) -> list[str]:
        """The command line with `$(NAME)` expanded."""
        words = (*container.get("command", ()), *container.get("args", ()))
        return [_expand(word, environment) for word in words]

    def files(self, pod: Json) -> dict[str, dict[str, str]]:
        """The files of each volume that comes from a Secret or ConfigMap: `{volume: {path: base64 content}}`.

        Raises:
            UnresolvedReferenceError: the object is not there.
        """
        found = {}
        for volume in pod["spec"].get("volumes", ()):
            for plural, field, name_field in (("secrets", "secret", "secretName"), ("configmaps", "configMap", "name")):
                source = volume.get(field)
                if source is not None:
                    optional = source.get("optional", False)
                    content = self._content(pod, plural, source[name_field], optional=optional)
                    found[volume["name"]] = _projected(source, content)
        return found

    def _all_keys(self, pod: Json, source: Json) -> dict[str, str]:
        prefix = source.get("prefix", "")
        for plural, field in (("secrets", "secretRef"), ("configmaps", "configMapRef")):
            if field in source:
                optional = source[field].get("optional", False)
                content = self._content(pod, plural, source[field]["name"], optional=optional)
                return {prefix + key: base64.b64decode(value).decode() for key, value in content.items()}
        return {}

    def _value(self, pod: Json, variable: Json) -> str | None:
        source = variable.get("valueFrom")
        if source is None:
            return variable.get("value", "")
        for plural, field in (("secrets", "secretKeyRef"), ("configmaps", "configMapKeyRef")):
            if field in source:
                return self._key(pod, plural, source[field])
        if "fieldRef" in source:
            return _field(pod, source["fieldRef"]["fieldPath"])
        return ""

    def _key(self, pod: Json, plural: str, reference: Json) -> str | None:
        optional = reference.get("optional", False)
        content = self._content(pod, plural, reference["name"], optional=optional)
        value = content.get(reference["key"])
        if value is not None:
            return base64.b64decode(value).decode()
        if optional:
            return None
        namespace = pod["metadata"]["namespace"]
        kind = self._kinds.named(plural).kind
        raise UnresolvedReferenceError(
            f"couldn't find key {reference['key']} in {kind} {namespace}/{reference['name']}"
        )

    def _content(self, pod: Json, plural: str, name: str, *, optional: bool) -> dict[str, str]:
        """Keys and base64 contents of a Secret or ConfigMap."""
        kind = self._kinds.named(plural)
        found = self._store.get(kind, pod["metadata"]["namespace"], name)
        if found is None:
            if optional:
                return {}
            raise UnresolvedReferenceError(str(not_found(kind, name)).replace(kind.plural, kind.singular))
        if plural == "secrets":
            return found.get("data", {})
        plain = {key: base64.b64encode(text.encode()).decode() for key, text in found.get("data", {}).items()}
        return {**plain, **found.get("binaryData", {})}


def _projected(source: Json, content: dict[str, str]) -> dict[str, str]:
    """The files of a volume: all keys, or those that `items` lists under paths of their own."""
    if "items" not in source:
        return content
    return {each["path"]: content[each["key"]] for each in source["items"] if each["key"] in content}


def _expand(text: str, variables: dict[str, str]) -> str:
    """`$(NAME)` of a known variable; an unknown one stays as it is, `$$` is a dollar sign."""

    def replacement(match: re.Match[str]) -> str:
        if match[0] == "$$":
            return "$"
        return variables.get(match[1], match[0])

    return _EXPANSION.sub(replacement, text)


def _field(pod: Json, path: str) -> str:
    if match := re.fullmatch(r"metadata\.(labels|annotations)\['([^']+)'\]", path):
        return str(pod["metadata"].get(match[1], {}).get(match[2], ""))
    return str(at(pod, *path.split(".")) or "")
