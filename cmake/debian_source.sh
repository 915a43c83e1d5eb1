#!/usr/bin/env bash
# Fetches the upstream part of a Debian source package: debian_source.sh FOLDER PACKAGE VERSION SHA256
#
# The machine may well follow an older suite without source entries. So apt is given a private sources file, made
# from the mirror the machine already uses, and private list folders: the machine's package state is not touched.
# apt checks the signatures. When the suite has moved on from VERSION, what it has now is taken, with a notice.
set -euo pipefail
folder=$1 package=$2 version=$3 sha256=$4
suite=forky
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

mirror=$(apt-get indextargets --format '$(ORIGIN) $(LABEL) $(REPO_URI)' 'Created-By: Packages' |
  awk '$1 == "Debian" && $2 == "Debian" { print $3; exit }')
[[ -n $mirror ]] || { echo "No Debian mirror is known here: run apt-get update first." >&2; exit 1; }

apt_home=$(dirname "$folder")/apt
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
mkdir -p "$apt_home"/{lists/partial,archives/partial,parts}
echo "deb-src [signed-by=$keyring] $mirror $suite main" > "$apt_home/sources.list"
options=(-qq
  -o "Dir::Etc::SourceList=$apt_home/sources.list" -o "Dir::Etc::SourceParts=$apt_home/parts"
  -o "Dir::State::Lists=$apt_home/lists" -o "Dir::Cache=$apt_home"
  -o Acquire::Languages=none -o APT::Sandbox::User=root
  -o Acquire::Check-Valid-Until=false)  # a mirror frozen at a date will do: what is taken is pinned
apt-get "${options[@]}" update

cd "$work"
if apt-get "${options[@]}" source --download-only "$package=$version" >/dev/null 2>&1; then
  echo "$sha256 $(ls ./*.orig.tar.*)" | sha256sum --check --quiet
else
  echo "Debian $suite no longer has $package $version: taking the version it has." >&2
  apt-get "${options[@]}" source --download-only "$package" >/dev/null
fi
mkdir "$work/unpacked"
tar -xf ./*.orig.tar.* -C "$work/unpacked" --strip-components=1
mkdir -p "$(dirname "$folder")"
rm -rf "$folder"
cp -r "$work/unpacked" "$folder"
