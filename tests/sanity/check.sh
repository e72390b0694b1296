#!/usr/bin/env bash
# Holds the collection against ansible-lint, ansible-test's sanity tests, and the changelog and documentation linters.
#
# ansible-test wants a collection at ansible_collections/<namespace>/<name> inside a git work tree of its own, so the parts
# that make up the collection are copied to one. It also wants to download pip for its environments; where there is no network
# but a package index, a small script in its cache uses the pip that comes with Python.
#
# usage: check.sh [folder with the tools' commands]
set -euo pipefail

root="$(cd "$(dirname "$0")/../.." && pwd)"
[ $# -eq 0 ] || PATH="$(cd "$1" && pwd):$PATH"
tree="$(mktemp -d)"
trap 'rm -rf "$tree"' EXIT
collection="$tree/ansible_collections/rhpds/litemaas"
mkdir -p "$collection/tests"

cd "$root"
cp -r galaxy.yml meta plugins roles changelogs README.md CHANGELOG.md LICENSE .ansible-lint "$collection"
mkdir "$collection/playbooks" "$collection/requirements" "$collection/tests/sanity"
cp playbooks/*.yml "$collection/playbooks"
cp requirements/collection.in "$collection/requirements"
cp tests/config.yml "$collection/tests"
cp tests/sanity/ignore-*.txt "$collection/tests/sanity"
find "$collection" -name __pycache__ -prune -exec rm -rf {} +

cd "$collection"
git init --quiet .
git add --all
export ANSIBLE_COLLECTIONS_PATH="$tree" NO_COLOR=1

ansible-lint --offline --nocolor -q
antsibull-changelog lint
antsibull-docs lint-collection-docs . --plugin-docs

export ANSIBLE_TEST_CONTENT_ROOT="$collection"
cache="${HOME}/.ansible/test/cache"
mkdir -p "$cache"
[ -e "$cache/get_pip_24_2.py" ] || cat >"$cache/get_pip_24_2.py" <<'PYTHON'
import subprocess
import sys

subprocess.run([sys.executable, "-m", "ensurepip"], check=True)
subprocess.run([sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "pip==24.2"], check=True)
PYTHON
ansible-test sanity --local --python "$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
