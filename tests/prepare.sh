#!/usr/bin/env bash
# Gets the programs that tests need beside Python: Chromium, LibreOffice Calc, Noto fonts, and R and PSPP, which must
# come to the same figures as the server; nginx, behind which several nodes are restarted.
# Uses the system's package manager where it may; else the tests say loudly what they could not do.
set -u

missing=()
# The browser without a window: half the work of the whole Chromium, and the same engine.
command -v chromium-headless-shell >/dev/null 2>&1 || missing+=(chromium-headless-shell)
command -v soffice >/dev/null 2>&1 || missing+=(libreoffice-calc)
command -v Rscript >/dev/null 2>&1 || missing+=(r-base-core)
command -v pspp >/dev/null 2>&1 || missing+=(pspp)
command -v nginx >/dev/null 2>&1 || missing+=(nginx-light)
fc-list 2>/dev/null | grep -qi "NotoSansArabic" || missing+=(fonts-noto-core)
[ "${#missing[@]}" -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then as_root=(sudo -n); else as_root=(false); fi
fi
if command -v apt-get >/dev/null 2>&1 && [ "${as_root[*]:-}" != "false" ]; then
  echo "Installing for the tests: ${missing[*]}"
  install() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null; }
  "${as_root[@]}" apt-get update -qq
  install "${missing[@]}" && exit 0
  # Where there is no browser without a window, the whole one will do.
  install "${missing[@]/chromium-headless-shell/chromium}" && exit 0
fi
echo "NOT INSTALLED: ${missing[*]}. Tests that need them will say so. Install them with your package manager." >&2
exit 0
