#!/usr/bin/env bash
# Stands in for the Azure CLI: records each call in $AZ/calls and answers from the files in $AZ.
set -uo pipefail
printf '%s\n' "$*" >>"$AZ/calls"

# The value behind an option.
option() {
  local wanted=$1
  shift
  while (($# > 1)); do
    if [[ $1 == "$wanted" ]]; then
      printf '%s' "$2"
      return
    fi
    shift
  done
}

name=$(option --name "$@")
query=$(option --query "$@")
case "$1 $2 ${3:-}" in
  'account show '*) exit "$(cat "$AZ/login" 2>/dev/null || echo 0)" ;;
  'account set '*) ;;
  'provider show '*) [[ ! -e $AZ/blind ]] || exit 1
    cat "$AZ/provider-$(option --namespace "$@")" 2>/dev/null || echo Registered ;;
  'provider register '*) echo Registered >"$AZ/provider-$(option --namespace "$@")" ;;
  'feature show '*) cat "$AZ/feature-$name" 2>/dev/null || echo NotRegistered ;;
  'feature register '*) echo Registered >"$AZ/feature-$name" ;;
  'group exists '*) cat "$AZ/group" 2>/dev/null || echo true ;;
  'group create '*) echo true >"$AZ/group" ;;
  'ad sp show') echo 00000000-0000-0000-0000-00000000abcd ;;
  'image builder list') ls "$AZ/templates" 2>/dev/null || true ;;
  'image builder delete') rm -r "$AZ/templates/$name" ;;
  'resource show '*)
    [[ -d $AZ/templates/$name ]] || exit 3
    case $query in
      *join*)
        # One line an answer; the last stays.
        states=$AZ/templates/$name/states
        head -1 "$states"
        if (($(wc -l <"$states") > 1)); then
          sed -i 1d "$states"
        fi
        ;;
      *startTime*) cat "$AZ/templates/$name/started" 2>/dev/null || echo - ;;
      *provisioningState*) cat "$AZ/templates/$name/provisioned" ;;
      *message*) echo 'Build (Customize) failed' ;;
      *exactStagingResourceGroup*) echo /subscriptions/s/resourceGroups/IT_rg_web_1 ;;
    esac
    ;;
  'deployment group create')
    refuse=$AZ/refuse
    file=$(option --template-file "$@")
    if [[ $file == */image-* ]]; then
      if (($(cat "$refuse" 2>/dev/null || echo 0) > 0)); then
        echo $(($(cat "$refuse") - 1)) >"$refuse"
        cat "$AZ/refusal" >&2
        exit 1
      fi
      image=${file##*/image-} image=${image%.json}
      mkdir -p "$AZ/templates/$image"
      echo Succeeded >"$AZ/templates/$image/provisioned"
      cp "$AZ/states-$image" "$AZ/templates/$image/states" 2>/dev/null ||
        printf '%s\n' '2026 Running Building' '2026 Running Building' '2026 Running Distributing' '2026 Succeeded -' >"$AZ/templates/$image/states"
    fi
    ;;
  'deployment group what-if') echo '{"changes": []}' ;;
  'image builder run') ;;
  'image builder show-runs') echo "/subscriptions/s/$name/versions/1.0.0" ;;
  'storage account list') echo stagingaccount ;;
  *)
    echo "az: no answer to: $*" >&2
    exit 2
    ;;
esac
