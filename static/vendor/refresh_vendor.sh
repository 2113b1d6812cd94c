#!/bin/sh
# Maintainers only: fetch the pinned releases with npm and keep the few minified files that the pages use.
# Source map comments are cut off, because the manifest storage refuses a reference to a file that is not there.
set -eu

BOOTSTRAP=5.3.8
ICONS=1.13.2

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

unpack() { # package version
    (cd "$work" && npm pack --silent "$1@$2" >/dev/null && mkdir "$1" && tar -xzf "$1-$2.tgz" -C "$1" --strip-components=1)
}

keep() { # library version file...
    library=$1 version=$2
    shift 2
    rm -rf "${here:?}/$library"
    mkdir -p "$here/$library"
    for file in "$@"; do
        install -D -m 644 "$work/$library/$file" "$here/$library/$file"
    done
    find "$here/$library" \( -name '*.css' -o -name '*.js' \) -exec sed -i -e 's,//# sourceMappingURL=.*$,,' -e 's,/\*# sourceMappingURL=.*\*/,,' {} +
    install -m 644 "$work/$library/LICENSE" "$here/$library/LICENSE"
    echo "$version" >"$here/$library/VERSION"
    (cd "$here/$library" && find . -type f ! -name SHA256SUMS | LC_ALL=C sort | xargs sha256sum >SHA256SUMS)
}

unpack bootstrap "$BOOTSTRAP"
keep bootstrap "$BOOTSTRAP" dist/css/bootstrap.min.css

unpack bootstrap-icons "$ICONS"
keep bootstrap-icons "$ICONS" font/bootstrap-icons.min.css font/fonts/bootstrap-icons.woff2 font/fonts/bootstrap-icons.woff
