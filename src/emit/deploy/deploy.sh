
usage() {
  cat <<USAGE
Deploys the images of $NAME and builds them.

usage: $(basename "$0") --resource-group GROUP [options]

  --resource-group GROUP   where the templates go; made if it is not there
  --location REGION        where the group is made (${LOCATION:-none is known})
  --subscription ID        the subscription (that of az if absent)
  --parameters FILE        a parameters file for the images
  --role-parameters FILE   a parameters file for the roles
  --set NAME=VALUE         the value of one parameter, wherever it is one
  --what-if                show what would change, and change nothing
  --no-roles               leave roles to somebody else
  --no-build               deploy, and start no build
  --replace                delete image templates that are there already and make them anew
  --clean-up               delete the image templates; what they built stays
  --poll SECONDS           how often to ask for the state of a build (30)
USAGE
}

say() { printf '%s\n' "$*"; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

HERE=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
readonly HERE
readonly TYPE=Microsoft.VirtualMachineImages/imageTemplates API=2024-02-01
GROUP='' REGION=$LOCATION SUBSCRIPTION='' MAIN_FILE='' ROLE_FILE='' POLL=30
WHAT_IF=0 ROLES=$HAS_ROLES BUILD=1 REPLACE=0 CLEAN_UP=0
SETS=()

while (($# > 0)); do
  case $1 in
    --resource-group | --location | --subscription | --parameters | --role-parameters | --set | --poll)
      (($# > 1)) || fail "$1 wants a value"
      case $1 in
        --resource-group) GROUP=$2 ;;
        --location) REGION=$2 ;;
        --subscription) SUBSCRIPTION=$2 ;;
        --parameters) MAIN_FILE=$2 ;;
        --role-parameters) ROLE_FILE=$2 ;;
        --set) SETS+=("$2") ;;
        --poll) POLL=$2 ;;
      esac
      shift 2
      ;;
    --what-if) WHAT_IF=1 && shift ;;
    --no-roles) ROLES=0 && shift ;;
    --no-build) BUILD=0 && shift ;;
    --replace) REPLACE=1 && shift ;;
    --clean-up) CLEAN_UP=1 && shift ;;
    -h | --help) usage && exit 0 ;;
    *) usage >&2 && fail "there is no option $1" ;;
  esac
done

[[ -n $GROUP ]] || { usage >&2 && fail 'name the resource group: --resource-group GROUP'; }
for set in ${SETS[@]+"${SETS[@]}"}; do
  [[ $set == ?*=* ]] || fail "--set wants NAME=VALUE, not $set"
  known=0
  for name in ${PARAMETERS[@]+"${PARAMETERS[@]}"} ${BASE_PARAMETERS[@]+"${BASE_PARAMETERS[@]}"} ${ROLE_PARAMETERS[@]+"${ROLE_PARAMETERS[@]}"}; do
    if [[ $name == "${set%%=*}" ]]; then
      known=1
    fi
  done
  ((known)) || fail "there is no parameter ${set%%=*}"
done
[[ $POLL =~ ^[0-9]+$ ]] || fail "--poll wants a number of seconds, not $POLL"
command -v az >/dev/null || fail 'the Azure CLI (az) is not on the path'
az account show --output none 2>/dev/null || fail 'az is not logged in: az login'
if [[ -n $SUBSCRIPTION ]]; then
  az account set --subscription "$SUBSCRIPTION"
fi

# Whether a word is among others.
among() {
  local word=$1 other
  shift
  for other in "$@"; do
    if [[ $other == "$word" ]]; then
      return 0
    fi
  done
  return 1
}

# The image templates of the group that there are.
templates() {
  az image builder list --resource-group "$GROUP" --query '[].name' --output tsv
}

# A property of an image template, `-` if it has none.
property() {
  az resource show --resource-group "$GROUP" --resource-type "$TYPE" --api-version "$API" --name "$1" \
    --query "not_null($2, '-')" --output tsv
}

delete_template() {
  az image builder delete --resource-group "$GROUP" --name "$1" --output none
}

clean_up() {
  local image there
  there=$(templates)
  for image in ${IMAGES[@]+"${IMAGES[@]}"}; do
    if ! grep -qxF -- "$image" <<<"$there"; then
      say "$image is not there"
    elif among "$image" ${KEPT[@]+"${KEPT[@]}"}; then
      say "$image stays: the VHD that it made lies in its staging group and would go with it"
    else
      say "deleting $image"
      delete_template "$image"
    fi
  done
}

register_providers() {
  local provider state feature
  for feature in ${FEATURES[@]+"${FEATURES[@]}"}; do
    state=$(az feature show --namespace "${feature%%/*}" --name "${feature#*/}" --query properties.state --output tsv 2>/dev/null) || state=''
    if [[ -z $state ]]; then
      say "whether the feature $feature is registered can't be seen; going on"
    elif [[ $state != Registered ]]; then
      say "registering the feature $feature"
      az feature register --namespace "${feature%%/*}" --name "${feature#*/}" --output none
    fi
  done
  for provider in "${PROVIDERS[@]}"; do
    state=$(az provider show --namespace "$provider" --query registrationState --output tsv 2>/dev/null) || state=''
    if [[ -z $state ]]; then
      say "whether the resource provider $provider is registered can't be seen; going on"
    elif [[ $state != Registered ]]; then
      say "registering the resource provider $provider"
      az provider register --namespace "$provider" --wait
    fi
  done
}

make_group() {
  local there
  there=$(az group exists --name "$GROUP")
  if [[ $there == true ]]; then
    return
  fi
  [[ -n $REGION ]] || fail "there is no resource group $GROUP: say where it goes with --location"
  ((WHAT_IF == 0)) || fail "there is no resource group $GROUP: what would change in it can't be asked for"
  say "making the resource group $GROUP in $REGION"
  az group create --name "$GROUP" --location "$REGION" --output none
}

# Deploys a file with those values that it has parameters for: deploy FILE NAME PARAMETERS_FILE PARAMETER…
deploy() {
  local file=$1 name=$2 values=$3 set
  shift 3
  local parameters=()
  if [[ -n $values ]]; then
    parameters+=("@$values")
  fi
  for set in ${SETS[@]+"${SETS[@]}"}; do
    if among "${set%%=*}" "$@"; then
      parameters+=("$set")
    fi
  done
  if ((${#parameters[@]} > 0)); then
    parameters=(--parameters "${parameters[@]}")
  fi
  local verb=create format=none
  if ((WHAT_IF)); then
    verb=what-if format=json
  fi
  # A value that is missing is an error, not a question.
  az deployment group "$verb" --resource-group "$GROUP" --name "$name" --template-file "$HERE/$file" \
    ${parameters[@]+"${parameters[@]}"} --output "$format" </dev/null
}

deploy_roles() {
  say 'deploying the roles'
  deploy "$NAME.roles.json" "$DEPLOYMENT-roles" "$ROLE_FILE" ${ROLE_PARAMETERS[@]+"${ROLE_PARAMETERS[@]}"}
}

# Deploys an image template that is not there. One that is there can't be changed, not even to the same: it stays, unless it
# failed when it was made, or is to be replaced. New roles take a while until they work, and the service looks at them when an
# image template is made.
deploy_image() {
  local image=$1 there said tries=0 state
  if ((WHAT_IF == 0)); then
    there=$(templates)
    if grep -qxF -- "$image" <<<"$there"; then
      state=$(property "$image" properties.provisioningState)
      if [[ $state != Failed ]] && ((REPLACE == 0)); then
        say "$image is there already and stays as it is; --replace makes it anew"
        return
      fi
      if [[ $state != Failed ]] && among "$image" ${KEPT[@]+"${KEPT[@]}"}; then
        fail "$image has a VHD in its staging group, which would go with it: copy it, delete $image and try again"
      fi
      say "deleting $image, which is $state"
      delete_template "$image"
    fi
  fi
  say "deploying $image"
  until said=$(deploy "$NAME.parts/image-$image.json" "$DEPLOYMENT-image-${image:0:36}" "$MAIN_FILE" ${PARAMETERS[@]+"${PARAMETERS[@]}"} 2>&1); do
    if ((tries >= 10 || ROLES + TOGETHER == 0)) ||
      ! grep -qiE 'Not authorized to access the resource|user assigned identity' <<<"$said"; then
      printf '%s\n' "$said" >&2
      fail "$image could not be deployed"
    fi
    tries=$((tries + 1))
    if ((tries == 1)); then
      printf '%s\n' "$said"
    fi
    say "the roles do not work yet: trying again in a while ($tries of 10)"
    sleep "${ROLE_WAIT:-60}"
    there=$(templates)
    if grep -qxF -- "$image" <<<"$there"; then
      delete_template "$image"
    fi
  done
  if [[ -n $said ]]; then
    printf '%s\n' "$said"
  fi
  NEW+=("$image")
}

# Where the log of a build lies.
log_place() {
  local group account
  group=$(property "$1" properties.exactStagingResourceGroup)
  group=${group##*/}
  account=$(az storage account list --resource-group "$group" --query '[0].name' --output tsv 2>/dev/null) || account=''
  say "its log: customization.log in the container packerlogs of the storage account ${account:-of the group} in the resource group $group"
  if [[ -n $account ]]; then
    say "  az storage blob list --account-name $account --container-name packerlogs --auth-mode login --query '[].name' --output tsv"
  fi
}

interrupted() {
  trap - INT TERM
  printf '\n' >&2
  say 'interrupted: what was started goes on in Azure' >&2
  local image
  for image in ${RUNNING[@]+"${RUNNING[@]}"}; do
    say "  stop it with: az image builder cancel --resource-group $GROUP --name $image" >&2
  done
  exit 130
}

# Builds images that do not wait for one another.
build() {
  local image state last now shown clock misses=0 failed=() lasts=() befores=() index
  local there
  there=$(templates)
  RUNNING=()
  for image in "$@"; do
    if ! grep -qxF -- "$image" <<<"$there"; then
      say "$image: not deployed, so not built"
      continue
    fi
    if among "$image" ${NEW[@]+"${NEW[@]}"} && among "$image" ${AUTO_RUN[@]+"${AUTO_RUN[@]}"}; then
      say "$image: the service starts the build by itself"
      befores+=('-')
    else
      befores+=("$(property "$image" properties.lastRunStatus.startTime)")
      say "$image: starting the build"
      az image builder run --resource-group "$GROUP" --name "$image" --no-wait --output none
    fi
    RUNNING+=("$image")
    lasts+=('')
  done
  while ((${#RUNNING[@]} > 0)); do
    # A signal ends a wait, not a sleep.
    sleep "$POLL" &
    wait $! || true
    local still=() still_lasts=() still_befores=()
    for index in "${!RUNNING[@]}"; do
      image=${RUNNING[index]} last=${lasts[index]}
      # Through a file: a signal that comes during a substitution confuses bash.
      if ! property "$image" "join(' ', [not_null(properties.lastRunStatus.startTime, '-'), not_null(properties.lastRunStatus.runState, '-'), not_null(properties.lastRunStatus.runSubState, '-')])" >"$ANSWER"; then
        misses=$((misses + 1))
        if ((misses >= 10)); then
          say 'the state of the builds could not be asked for ten times in a row' >&2
          interrupted
        fi
        still+=("$image") still_lasts+=("$last") still_befores+=("${befores[index]}")
        continue
      fi
      misses=0
      read -r now <"$ANSWER"
      state=${now#* }
      if [[ ${now%% *} == "${befores[index]}" ]]; then
        # The state is that of the build before.
        state='Waiting -'
      fi
      if [[ $state != "$last" ]]; then
        shown=${state%% *}
        if [[ ${state#* } != - ]]; then
          shown="$shown (${state#* })"
        fi
        date +%H:%M:%S >"$ANSWER"
        read -r clock <"$ANSWER"
        say "$clock $image: $shown"
      fi
      case ${state%% *} in
        Succeeded) ;;
        Failed | Canceled | PartiallySucceeded) failed+=("$image") ;;
        *)
          still+=("$image") still_lasts+=("$state") still_befores+=("${befores[index]}")
          ;;
      esac
    done
    RUNNING=(${still[@]+"${still[@]}"})
    lasts=(${still_lasts[@]+"${still_lasts[@]}"})
    befores=(${still_befores[@]+"${still_befores[@]}"})
  done
  for image in ${failed[@]+"${failed[@]}"}; do
    say "$image: $(property "$image" properties.lastRunStatus.message)" >&2
    log_place "$image" >&2
  done
  ((${#failed[@]} == 0)) || fail "not built: ${failed[*]}"
}

show_results() {
  local image there
  there=$(templates)
  for image in ${IMAGES[@]+"${IMAGES[@]}"}; do
    if grep -qxF -- "$image" <<<"$there"; then
      say "$image made:"
      az image builder show-runs --resource-group "$GROUP" --name "$image" \
        --query '[].not_null(artifactId, artifactUri, name)' --output tsv | sed 's/^/  /'
    fi
  done
}

if ((CLEAN_UP)); then
  clean_up
  exit 0
fi
NEW=() RUNNING=()
ANSWER=$(mktemp)
trap 'rm -f "$ANSWER"' EXIT
trap interrupted INT TERM
if ((WHAT_IF == 0)); then
  register_providers
fi
make_group
has_principal=0
for set in ${SETS[@]+"${SETS[@]}"}; do
  if [[ $set == imageBuilderPrincipalId=* ]]; then
    has_principal=1
  fi
done
if ((NEEDS_SERVICE_PRINCIPAL && ROLES + TOGETHER > 0 && has_principal == 0)); then
  SETS+=("imageBuilderPrincipalId=$(az ad sp show --id "$SERVICE_APP" --query id --output tsv)")
fi
if ((HAS_BASE)); then
  say 'deploying what is no image'
  deploy "$NAME.parts/base.json" "$DEPLOYMENT-base" "$MAIN_FILE" ${BASE_PARAMETERS[@]+"${BASE_PARAMETERS[@]}"}
fi
if ((ROLES)); then
  deploy_roles
fi
for wave in ${WAVES[@]+"${WAVES[@]}"}; do
  # Names of image templates hold no blanks.
  read -ra images <<<"$wave"
  for image in "${images[@]}"; do
    deploy_image "$image"
  done
  if ((BUILD && WHAT_IF == 0)); then
    build "${images[@]}"
  fi
done
if ((BUILD && WHAT_IF == 0)); then
  show_results
fi
