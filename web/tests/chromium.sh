#!/usr/bin/env bash
# Sees to it that there is a Chromium for the tests in a browser: the one that CHROMIUM names, or Debian's.
set -euo pipefail

if [[ -x "${CHROMIUM:-/usr/bin/chromium}" ]]; then
  exit 0
fi
if [[ -n "${CHROMIUM:-}" || "$(id -u)" != 0 || ! -x "$(command -v apt-get)" ]]; then
  echo "There is no Chromium at ${CHROMIUM:-/usr/bin/chromium}: install one (on Debian: apt-get install chromium), or name it in the variable CHROMIUM." >&2
  exit 1
fi
echo "Installing Debian's Chromium (about a minute)…"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends chromium >/dev/null
