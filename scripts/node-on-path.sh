# Sourced, from the root of the source tree, by scripts that need a Node.js that the web tools run on (20.19 or newer).
# Takes the one on PATH when it is new enough; otherwise Debian's npm brings one into build/node, which goes first on PATH.

node_is_new_enough() {
  command -v node >/dev/null && command -v npm >/dev/null &&
    node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'
}

# npm's registry drops connections now and then: three tries, a little apart.
npm_patiently() {
  local try
  for try in 1 2 3; do
    npm --no-fund --no-audit --no-update-notifier --loglevel=error "$@" && return 0
    [ "$try" = 3 ] || { echo "npm failed; trying again in $((try * 3)) s" >&2; sleep $((try * 3)); }
  done
  echo "npm $1 failed three times" >&2
  return 1
}

# newer_than STAMP PATH…: whether anything below the paths is newer than the stamp, or the stamp is absent.
newer_than() {
  local stamp=$1
  shift
  [ ! -e "$stamp" ] || [ -n "$(find "$@" -newer "$stamp" -print -quit)" ]
}

node_on_path() {
  local own=$PWD/build/node
  node_is_new_enough && return 0
  export PATH="$own/node_modules/.bin:$PATH"
  hash -r
  node_is_new_enough && return 0
  command -v npm >/dev/null || { echo "no npm: run scripts/install-packages web" >&2; return 1; }
  echo "fetching Node.js 22 into build/node"
  mkdir -p "$own"
  npm_patiently install --prefix "$own" --no-save --no-package-lock node@22 npm@11
  hash -r
  node_is_new_enough || { echo "build/node has no working Node.js: remove it and try again" >&2; return 1; }
}

node_on_path
