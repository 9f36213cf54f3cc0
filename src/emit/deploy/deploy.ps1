#Requires -Version 7.2
<#
.SYNOPSIS
Deploys images and builds them. Written by aib.
.PARAMETER ResourceGroup
Where the templates go; made if it is not there.
.PARAMETER Location
Where the group is made.
.PARAMETER Subscription
The subscription; that of az if absent.
.PARAMETER ParameterFile
A parameters file for the images.
.PARAMETER RoleParameterFile
A parameters file for the roles.
.PARAMETER Set
Values of parameters as NAME=VALUE, each wherever it is one.
.PARAMETER WhatIf
Show what would change, and change nothing.
.PARAMETER NoRoles
Leave roles to somebody else.
.PARAMETER NoBuild
Deploy, and start no build.
.PARAMETER Replace
Delete image templates that are there already and make them anew.
.PARAMETER CleanUp
Delete the image templates; what they built stays.
.PARAMETER Poll
How often to ask for the state of a build, in seconds.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $ResourceGroup,
    [string] $Location,
    [string] $Subscription,
    [string] $ParameterFile,
    [string] $RoleParameterFile,
    [string[]] $Set = @(),
    [switch] $WhatIf,
    [switch] $NoRoles,
    [switch] $NoBuild,
    [switch] $Replace,
    [switch] $CleanUp,
    [ValidateRange(0, 3600)] [int] $Poll = 30
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $false

# body

if (-not $Location) { $Location = $KnownLocation }
$WithRoles = $HasRoles -and -not $NoRoles
$ResourceType = 'Microsoft.VirtualMachineImages/imageTemplates'
$ApiVersion = '2024-02-01'
$RoleWait = if ($env:ROLE_WAIT) { [int] $env:ROLE_WAIT } else { 60 }
$Values = [System.Collections.Generic.List[string]]::new()
$Set | ForEach-Object { $Values.Add($_) }
$New = [System.Collections.Generic.List[string]]::new()

foreach ($value in $Set) {
    $key, $rest = $value -split '=', 2
    if ($null -eq $rest) { throw "-Set wants NAME=VALUE, not $value" }
    if ($key -notin ($MainParameters + $BaseParameters + $RoleParameters)) { throw "there is no parameter $key" }
}

# Runs az and gives what it prints; throws where it fails.
function Invoke-Az {
    $output = & az @args
    if ($LASTEXITCODE -ne 0) { throw "az $($args[0..1] -join ' ') failed" }
    $output
}

if (-not (Get-Command az -ErrorAction SilentlyContinue)) { throw 'the Azure CLI (az) is not on the path' }
& az account show --output none 2>$null
if ($LASTEXITCODE -ne 0) { throw 'az is not logged in: az login' }
if ($Subscription) { Invoke-Az account set --subscription $Subscription }

# The image templates of the group that there are.
function Get-ImageTemplate {
    @(Invoke-Az image builder list --resource-group $ResourceGroup --query '[].name' --output tsv)
}

# A property of an image template, `-` if it has none.
function Get-ImageTemplateProperty([string] $Image, [string] $Query) {
    Invoke-Az resource show --resource-group $ResourceGroup --resource-type $ResourceType --api-version $ApiVersion --name $Image --query "not_null($Query, '-')" --output tsv
}

function Remove-ImageTemplate([string] $Image) {
    Invoke-Az image builder delete --resource-group $ResourceGroup --name $Image --output none
}

function Clear-Deployment {
    $there = Get-ImageTemplate
    foreach ($image in $Images) {
        if ($image -notin $there) {
            Write-Output "$image is not there"
        } elseif ($image -in $Kept) {
            Write-Output "$image stays: the VHD that it made lies in its staging group and would go with it"
        } else {
            Write-Output "deleting $image"
            Remove-ImageTemplate $image
        }
    }
}

function Register-Provider {
    foreach ($feature in $Features) {
        $namespace, $flag = $feature -split '/', 2
        $state = & az feature show --namespace $namespace --name $flag --query properties.state --output tsv 2>$null
        if ($LASTEXITCODE -ne 0) {
            Write-Output "whether the feature $feature is registered can't be seen; going on"
        } elseif ($state -ne 'Registered') {
            Write-Output "registering the feature $feature"
            Invoke-Az feature register --namespace $namespace --name $flag --output none
        }
    }
    foreach ($provider in $Providers) {
        $state = & az provider show --namespace $provider --query registrationState --output tsv 2>$null
        if ($LASTEXITCODE -ne 0) {
            Write-Output "whether the resource provider $provider is registered can't be seen; going on"
        } elseif ($state -ne 'Registered') {
            Write-Output "registering the resource provider $provider"
            Invoke-Az provider register --namespace $provider --wait
        }
    }
}

function Confirm-ResourceGroup {
    if ((Invoke-Az group exists --name $ResourceGroup) -eq 'true') { return }
    if (-not $Location) { throw "there is no resource group ${ResourceGroup}: say where it goes with -Location" }
    if ($WhatIf) { throw "there is no resource group ${ResourceGroup}: what would change in it can't be asked for" }
    Write-Output "making the resource group $ResourceGroup in $Location"
    Invoke-Az group create --name $ResourceGroup --location $Location --output none
}

# The arguments that deploy a file with those values that it has parameters for.
function Get-DeploymentArgument([string] $File, [string] $DeploymentName, [string] $ValueFile, [string[]] $Known) {
    $given = @()
    if ($ValueFile) { $given += "@$ValueFile" }
    $given += @($Values | Where-Object { ($_ -split '=', 2)[0] -in $Known })
    $verb, $format = if ($WhatIf) { 'what-if', 'json' } else { 'create', 'none' }
    $path = Join-Path $PSScriptRoot $File
    $all = @('deployment', 'group', $verb, '--resource-group', $ResourceGroup, '--name', $DeploymentName, '--template-file', $path)
    if ($given) { $all += @('--parameters') + $given }
    $all + @('--output', $format)
}

# Deploys an image template that is not there. One that is there can't be changed, not even to the same: it stays, unless it
# failed when it was made, or is to be replaced. New roles take a while until they work, and the service looks at them when an
# image template is made.
function Publish-ImageTemplate([string] $Image) {
    if (-not $WhatIf -and $Image -in (Get-ImageTemplate)) {
        $state = Get-ImageTemplateProperty $Image 'properties.provisioningState'
        if ($state -ne 'Failed' -and -not $Replace) {
            Write-Output "$Image is there already and stays as it is; -Replace makes it anew"
            return
        }
        if ($state -ne 'Failed' -and $Image -in $Kept) {
            throw "$Image has a VHD in its staging group, which would go with it: copy it, delete $Image and try again"
        }
        Write-Output "deleting $Image, which is $state"
        Remove-ImageTemplate $Image
    }
    Write-Output "deploying $Image"
    $deploymentName = "$Deployment-image-" + $Image.Substring(0, [Math]::Min(36, $Image.Length))
    $arguments = Get-DeploymentArgument "$Name.parts/image-$Image.json" $deploymentName $ParameterFile $MainParameters
    for ($try = 1; ; $try++) {
        $said = (& az @arguments 2>&1) -join "`n"
        if ($LASTEXITCODE -eq 0) { break }
        $lacksRight = $said -match 'Not authorized to access the resource|user assigned identity'
        if ($try -gt 10 -or -not ($WithRoles -or $Together) -or -not $lacksRight) {
            Write-Output $said
            throw "$Image could not be deployed"
        }
        if ($try -eq 1) { Write-Output $said }
        Write-Output "the roles do not work yet: trying again in a while ($try of 10)"
        Start-Sleep -Seconds $RoleWait
        if ($Image -in (Get-ImageTemplate)) { Remove-ImageTemplate $Image }
    }
    if ($said) { Write-Output $said }
    $New.Add($Image)
}

# Where the log of a build lies.
function Write-LogPlace([string] $Image) {
    $group = ((Get-ImageTemplateProperty $Image 'properties.exactStagingResourceGroup') -split '/')[-1]
    $account = & az storage account list --resource-group $group --query '[0].name' --output tsv 2>$null
    $place = if ($account) { $account } else { 'of the group' }
    Write-Output "its log: customization.log in the container packerlogs of the storage account $place in the resource group $group"
    if ($account) {
        Write-Output "  az storage blob list --account-name $account --container-name packerlogs --auth-mode login --query '[].name' --output tsv"
    }
}

# Builds images that do not wait for one another.
function Start-Build([string[]] $Wave) {
    $there = Get-ImageTemplate
    $running = [ordered]@{}
    foreach ($image in $Wave) {
        if ($image -notin $there) {
            Write-Output "${image}: not deployed, so not built"
            continue
        }
        if ($image -in $New -and $image -in $AutoRun) {
            Write-Output "${image}: the service starts the build by itself"
            $running[$image] = @{ Before = '-'; Last = '' }
        } else {
            $before = Get-ImageTemplateProperty $image 'properties.lastRunStatus.startTime'
            Write-Output "${image}: starting the build"
            Invoke-Az image builder run --resource-group $ResourceGroup --name $image --no-wait --output none
            $running[$image] = @{ Before = $before; Last = '' }
        }
    }
    $failed = @()
    try {
        while ($running.Count -gt 0) {
            Start-Sleep -Seconds $Poll
            foreach ($image in @($running.Keys)) {
                $now = Get-ImageTemplateProperty $image "join(' ', [not_null(properties.lastRunStatus.startTime, '-'), not_null(properties.lastRunStatus.runState, '-'), not_null(properties.lastRunStatus.runSubState, '-')])"
                $start, $state, $part = $now -split ' '
                # The state may still be that of the build before.
                if ($start -eq $running[$image].Before) { $state, $part = 'Waiting', '-' }
                $text = if ($part -eq '-') { $state } else { "$state ($part)" }
                if ($text -ne $running[$image].Last) {
                    Write-Output "$(Get-Date -Format HH:mm:ss) ${image}: $text"
                    $running[$image].Last = $text
                }
                if ($state -in 'Failed', 'Canceled', 'PartiallySucceeded') { $failed += $image }
                if ($state -in 'Succeeded', 'Failed', 'Canceled', 'PartiallySucceeded') { $running.Remove($image) }
            }
        }
    } finally {
        foreach ($image in @($running.Keys)) {
            Write-Warning "interrupted: the build of $image goes on; stop it with: az image builder cancel --resource-group $ResourceGroup --name $image"
        }
    }
    foreach ($image in $failed) {
        Write-Output "${image}: $(Get-ImageTemplateProperty $image 'properties.lastRunStatus.message')"
        Write-LogPlace $image
    }
    if ($failed) { throw "not built: $($failed -join ' ')" }
}

function Write-Result {
    $there = Get-ImageTemplate
    foreach ($image in $Images | Where-Object { $_ -in $there }) {
        Write-Output "$image made:"
        Invoke-Az image builder show-runs --resource-group $ResourceGroup --name $image --query '[].not_null(artifactId, artifactUri, name)' --output tsv |
            ForEach-Object { "  $_" }
    }
}

if ($CleanUp) {
    Clear-Deployment
    return
}
if (-not $WhatIf) { Register-Provider }
Confirm-ResourceGroup
$hasPrincipal = @($Set | Where-Object { $_ -like 'imageBuilderPrincipalId=*' }).Count -gt 0
if ($NeedsServicePrincipal -and ($WithRoles -or $Together) -and -not $hasPrincipal) {
    $Values.Add("imageBuilderPrincipalId=$(Invoke-Az ad sp show --id $ServiceApp --query id --output tsv)")
}
if ($HasBase) {
    Write-Output 'deploying what is no image'
    $arguments = Get-DeploymentArgument "$Name.parts/base.json" "$Deployment-base" $ParameterFile $BaseParameters
    Invoke-Az @arguments
}
if ($WithRoles) {
    Write-Output 'deploying the roles'
    $arguments = Get-DeploymentArgument "$Name.roles.json" "$Deployment-roles" $RoleParameterFile $RoleParameters
    Invoke-Az @arguments
}
foreach ($wave in $Waves) {
    # Names of image templates hold no blanks.
    $members = $wave -split ' '
    foreach ($image in $members) { Publish-ImageTemplate $image }
    if (-not $NoBuild -and -not $WhatIf) { Start-Build $members }
}
if (-not $NoBuild -and -not $WhatIf) { Write-Result }
