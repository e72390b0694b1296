#!/usr/bin/env bash
# Builds a real Kubernetes API server from Debian's source package and runs it, with its storage and its controllers but without
# machines, so that the fake cluster can be held against it.
#
# Debian 12 has the sources of Kubernetes 1.20, older than what the collection deploys on: the tests of what came later
# (strict field validation, policy/v1, pod security, …) are skipped on it, all others hold. Plays refuse it.
#
# usage: real_api_server.sh FOLDER      needs Debian 12, root's apt, git and make, 4 GB, and half an hour the first time
set -euo pipefail

folder="$(mkdir -p "$1" && cd "$1" && pwd)"
port="${PORT:-36443}"

build() {
  local apt="$folder/apt" tools="$folder/tools" source="$folder/source"
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/parts" "$tools" "$source"
  sed 's/^Types:.*/Types: deb deb-src/' /etc/apt/sources.list.d/debian.sources >"$apt/parts/debian.sources"
  options=(-o "Dir::Etc::SourceList=/dev/null" -o "Dir::Etc::SourceParts=$apt/parts" -o "Dir::State::Lists=$apt/lists"
    -o "Dir::Cache=$apt/cache" -o "APT::Sandbox::User=root")
  cd "$folder"
  apt-get "${options[@]}" --quiet --quiet update
  # Unpacked beside the system, not installed into it.
  apt-get "${options[@]}" --quiet --quiet download etcd-server golang-1.19-go golang-1.19-src golang-github-modern-go-reflect2-dev \
    rsync libpopt0 libxxhash0 jq libjq1 libonig5
  for package in *.deb; do dpkg-deb --extract "$package" "$tools"; done
  apt-get "${options[@]}" --quiet --quiet --download-only source kubernetes
  tar --extract --file kubernetes_*.orig.tar.gz --directory "$source" --strip-components 1
  tar --extract --file kubernetes_*.debian.tar.xz --directory "$source"
  cd "$source"
  grep --invert-match '^#' debian/patches/series | while read -r one; do patch --silent --strip 1 <"debian/patches/$one"; done
  # Its own copy of reflect2 is older than this Go and reads maps wrongly.
  rm vendor/github.com/modern-go/reflect2/*.go vendor/github.com/modern-go/reflect2/*.s
  cp "$tools"/usr/share/gocode/src/github.com/modern-go/reflect2/*.{go,s} vendor/github.com/modern-go/reflect2
  goroot
  mkdir -p .go/src/k8s.io
  ln -sfn ../../.. .go/src/k8s.io/kubernetes
  for program in kube-apiserver kube-controller-manager; do
    env HOME="$folder" GOROOT="$folder/go" GOCACHE="$folder/gocache" GOPATH="$source/.go" GOPROXY=off GO111MODULE=off CGO_ENABLED=0 \
      FORCE_HOST_GO=y KUBE_GIT_VERSION=v1.20.2 KUBE_GIT_MAJOR=1 KUBE_GIT_MINOR=20 KUBE_GIT_COMMIT=debian KUBE_GIT_TREE_STATE=clean \
      PATH="$folder/go/bin:$tools/usr/bin:$PATH" LD_LIBRARY_PATH="$(libraries)" make WHAT="cmd/$program"
  done
  cp _output/bin/kube-apiserver _output/bin/kube-controller-manager "$tools/usr/bin/etcd" "$folder"
}

libraries() {
  printf '%s:' "$tools"/{usr/,}lib/*-linux-gnu
}

# Debian spreads Go over two folders that are tied by links; the compiler wants one.
goroot() {
  cp --recursive --dereference --no-clobber "$tools/usr/share/go-1.19" "$folder/go"
  cp --recursive --no-clobber "$tools"/usr/lib/go-1.19/{bin,pkg,VERSION} "$folder/go"
}

certificate() {
  openssl req -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.csr" -subj "$2" 2>/dev/null
  openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -out "$1.crt" -days 30 \
    -extfile <(echo "subjectAltName=IP:127.0.0.1,DNS:localhost") 2>/dev/null
}

run() {
  cd "$folder"
  rm -rf state && mkdir --mode 0700 state && cd state
  openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -days 30 -subj /CN=api-server-of-the-tests 2>/dev/null
  certificate server /CN=kube-apiserver
  openssl genrsa -out accounts.key 2048 2>/dev/null
  token="$(openssl rand -hex 16)"
  echo "$token,admin,admin,\"system:masters\"" >tokens.csv
  cat >kubeconfig <<YAML
apiVersion: v1
kind: Config
clusters: [{name: real, cluster: {server: "https://127.0.0.1:$port", certificate-authority: "$PWD/ca.crt"}}]
users: [{name: admin, user: {token: "$token"}}]
contexts: [{name: real, context: {cluster: real, user: admin}}]
current-context: real
YAML
  trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT
  trap 'exit 0' INT TERM
  local storage="http://127.0.0.1:$((port + 1))" peers="http://127.0.0.1:$((port + 2))"
  ../etcd --data-dir etcd --listen-client-urls "$storage" --advertise-client-urls "$storage" --listen-peer-urls "$peers" \
    --initial-advertise-peer-urls "$peers" --initial-cluster "default=$peers" >etcd.log 2>&1 &
  ../kube-apiserver --etcd-servers "$storage" --bind-address 127.0.0.1 --advertise-address 127.0.0.1 \
    --secure-port "$port" --insecure-port 0 --cert-dir . --tls-cert-file server.crt --tls-private-key-file server.key \
    --client-ca-file ca.crt --token-auth-file tokens.csv --service-account-key-file accounts.key \
    --service-account-signing-key-file accounts.key --service-account-issuer https://kubernetes.default.svc \
    --service-cluster-ip-range 10.96.0.0/16 --authorization-mode RBAC --disable-admission-plugins ServiceAccount >api.log 2>&1 &
  local server=$!
  until curl --silent --fail --cacert ca.crt --header @<(echo "Authorization: Bearer $token") "https://127.0.0.1:$port/readyz" >/dev/null; do
    kill -0 "$server" || { tail api.log; exit 1; }
    sleep 1
  done
  ../kube-controller-manager --kubeconfig kubeconfig --secure-port 0 --port 0 --leader-elect=false \
    --cert-dir . --service-account-private-key-file accounts.key --root-ca-file ca.crt >controllers.log 2>&1 &
  echo "export KUBECONFIG=$PWD/kubeconfig"
  wait
}

[ -x "$folder/kube-controller-manager" ] || build
run
