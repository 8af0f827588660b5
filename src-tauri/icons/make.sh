#!/bin/sh
# Makes the icons of the program from the mark of the screens. Needs Chromium and ImageMagick.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
{
  printf '<!doctype html><style>*{margin:0}svg{display:block;width:512px;height:512px}</style>'
  cat ../../ui/public/mark.svg
} > "$work/mark.html"
chromium --headless --no-sandbox --hide-scrollbars --force-device-scale-factor=1 --default-background-color=00000000 \
  --window-size=512,512 --screenshot="$work/512.png" "file://$work/mark.html" > "$work/chromium.log" 2>&1
for size in 32 128 256 512; do
  convert "$work/512.png" -resize "${size}x${size}" -define png:color-type=6 -strip "$size.png"
done
convert "$work/512.png" -define icon:auto-resize=256,128,64,48,32,16 icon.ico
