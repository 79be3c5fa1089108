# A generic cmdlet executor over JSON lines; it holds no rule about Hyper-V. Valid Windows PowerShell 5.1. Sent as one statement
# through stdin; takes over stdin and stdout, or the pipe that an elevated loader hands it.
# Setup: base64 of {"modules":[{"name","minimumVersion"}],"folder","homes":{cmdlet: module},"allow","allowInside":{cmdlet:{parameter: null,
# [fixed values] or {"stages","property","and"}}},"identity":script,"membership":script,"membershipMs","idleMs","readyLane"}
param([string] $Setup, [IO.Stream] $Pipe)
$ErrorActionPreference = 'Stop'
# Whatever is not answered below: a last word, and an end that is seen.
trap { try { [Console]::Error.WriteLine("$($_.FullyQualifiedErrorId): $($_.Exception.Message)") } catch { }; [Environment]::Exit(72) }

# Fences a runspace in: only modules below this folder (none given: PowerShell's own), each by its full path. PowerShell puts the account's
# own folders on PSModulePath again, for the whole process, whenever a runspace is opened; and would load what it finds there by itself.
$fence = {
    param([string] $Folder)
    $own = [IO.Path]::Combine($PSHOME, 'Modules')
    if (-not $Folder) { $Folder = $own }
    $global:PSModuleAutoLoadingPreference = 'None'
    [Environment]::SetEnvironmentVariable('PSModulePath', $Folder)
    # What PowerShell itself is made of; an engine that has it built in has no such folder.
    foreach ($name in 'Microsoft.PowerShell.Utility', 'Microsoft.PowerShell.Management') {
        $path = [IO.Path]::Combine($own, $name)
        if ([IO.Directory]::Exists($path)) { Import-Module $path -ErrorAction Stop }
    }
    $Folder
}
$folder = & $fence

# Runs calls and returns the reply's fields as JSON text. Also runs, as it is, inside a guest: no outside references.
$executor = {
    param([string] $CallsJson, [string] $AllowJson, [hashtable] $Projections)
    if ($PSVersionTable.PSVersion.Major -lt 6) { Remove-TypeData System.Array -ErrorAction SilentlyContinue }
    $ErrorActionPreference = 'Stop'; $ConfirmPreference = 'None'; $ProgressPreference = 'SilentlyContinue'; $WarningPreference = 'SilentlyContinue'
    function New-Failure([string] $id, [string] $message) { [Management.Automation.ErrorRecord]::new([InvalidOperationException]::new($message), $id, [Management.Automation.ErrorCategory]::InvalidOperation, $null) }
    function Get-Fields($record) {
        if ($record -isnot [Management.Automation.ErrorRecord]) { $record = $record.ErrorRecord }
        $exception = $record.Exception
        while (($exception -is [Management.Automation.GetValueException] -or $exception -is [Management.Automation.MethodInvocationException]) -and $exception.InnerException) { $exception = $exception.InnerException }
        $fields = @{ fqid = $record.FullyQualifiedErrorId; category = $record.CategoryInfo.Category.ToString(); targetName = $record.CategoryInfo.TargetName; exceptionType = $exception.GetType().FullName; message = $exception.Message; hresult = $exception.HResult }
        foreach ($name in 'fqid', 'targetName', 'message') { $text = [string] $fields[$name]; if ($text.Length -gt 2000) { $fields[$name] = $text.Substring(0, 2000) } }
        $fields
    }
    function Import-Value($value) {
        if ($value -is [array]) { $list = @(foreach ($item in $value) { , (Import-Value $item) }); return , $list }
        if ($value -isnot [Management.Automation.PSCustomObject]) { return $value }
        $table = @{}
        foreach ($property in $value.PSObject.Properties) { $table[$property.Name] = Import-Value $property.Value }
        $table
    }
    # One script block per list of properties: names are literals, conversions in line (a function call costs more than all the rest),
    # as statements (`$x = if …` is a pipeline of its own each time), the kinds of values that need none first.
    # PowerShell swallows what a getter throws ($o.X and .Value give null, strict mode or not): null is asked again by a method call.
    function Add-Projection([string] $key, [string[]] $select) {
        if ($key -notmatch '^[A-Za-z]\w*(,[A-Za-z]\w*)*$') { throw (New-Failure 'Bridge.BadCall' "bad property list: $key") }
        $convert = 'if($v -is [string] -or $v -is [bool] -or $v -is [long] -or $v -is [int]){}elseif($v -is [enum] -or $v -is [guid] -or $v -is [version] -or $v -is [uint64]){$v=$v.ToString()}elseif($v -is [timespan]){$v=$v.TotalSeconds}elseif($v -is [datetime]){$v=$v.ToUniversalTime().ToString(''o'')}elseif($v -is [valuetype]){}elseif($v -is [Collections.IEnumerable]){$v=[string[]]@($v)}else{$v=$v.ToString()}'
        $columns = for ($i = 0; $i -lt $select.Length; $i++) { 'try{$v=$o.' + $select[$i] + ';if($null -eq $v){[void]$o.PSObject.Properties[''' + $select[$i] + '''].get_Value()}else' + $convert + ';$row[' + $i + ']=$v}catch{$row[' + $i + ']=$null;& $report ''' + $select[$i] + ''' $_}' }
        $Projections[$key] = [scriptblock]::Create('param($objects,$report) foreach($o in $objects){$row=[object[]]::new(' + $select.Length + ');' + ($columns -join ';') + ';,$row}')
    }
    # One entry per property that failed, however many objects it failed on.
    $report = {
        param([string] $property, $record)
        if ($faulty.ContainsKey($property)) { $faulty[$property].objects++; return }
        $faulty[$property] = Get-Fields $record; $faulty[$property].property = $property; $faulty[$property].objects = 1
        [void] $errors.Add($faulty[$property])
    }
    if ($null -eq $Projections) { $Projections = @{ '#homes' = @{} } }
    $results = @(); $index = 0; $kept = @{}; $views = @{}
    try {
        # Read once for a lane (no list of properties has this key), as tables: what is not allowed is looked for in every call.
        if (-not $Projections.ContainsKey('#allow')) {
            $tables = @{}
            foreach ($known in (ConvertFrom-Json $AllowJson).PSObject.Properties) { $tables[$known.Name] = @{}; foreach ($parameter in $known.Value.PSObject.Properties) { $tables[$known.Name][$parameter.Name] = $parameter.Value } }
            $Projections['#allow'] = $tables
        }
        $allow = $Projections['#allow']
        $parsed = ConvertFrom-Json $CallsJson # an assignment unrolls the array in 5.1 and 7 alike; @(...) does not in 5.1
        $calls = @(foreach ($call in $parsed) { $call })
        # Everything that can be refused is refused here, before the first call runs.
        for (; $index -lt $calls.Length; $index++) {
            $call = $calls[$index]; $isFirst = $true; $before = ''
            foreach ($stage in $(if ($null -ne $call.pipeline) { $call.pipeline } else { $call })) {
                if ($null -ne $stage.keep) {
                    if ($isFirst -or [string] $stage.keep.property -notmatch '^[A-Za-z]\w*$' -or -not [string] $stage.keep.equals) { throw (New-Failure 'Bridge.BadCall' "bad keep in call $index") }
                    $before += " $($stage.keep.property)"; if ([string] $stage.keep.equals -ceq 'False') { $before += '=False' }
                    continue
                }
                $name = [string] $stage.cmdlet; $rules = $allow[$name]
                if (-not $name -or $null -eq $rules) { throw (New-Failure 'Bridge.NotAllowed' "not allowed: $name") }
                if ($null -ne $stage.from) {
                    if (-not $isFirst -or $stage.from -isnot [valuetype] -or $stage.from -lt 0 -or $stage.from -ge $index) { throw (New-Failure 'Bridge.BadCall' "bad from in call $index") }
                    if (-not $stage.as -or -not $rules.ContainsKey([string] $stage.as) -or $null -ne $rules[[string] $stage.as]) { throw (New-Failure 'Bridge.NotAllowed' "not allowed: $name -$($stage.as)") }
                }
                # Given here and never sent: only after exactly these stages. What takes nothing else is not piped to.
                elseif ($null -ne $stage.as) {
                    if ($rules[[string] $stage.as] -isnot [Management.Automation.PSCustomObject] -or $before.Trim() -cne $rules[[string] $stage.as].stages) { throw (New-Failure 'Bridge.NotAllowed' "not allowed: $name -$($stage.as)") }
                }
                elseif (-not $isFirst -and $rules.get_Values() -notcontains $null) { throw (New-Failure 'Bridge.NotAllowed' "not allowed: $name with what is piped") }
                $before += " $name"
                foreach ($parameter in $stage.params.PSObject.Properties) {
                    if (-not $rules.ContainsKey($parameter.Name)) { throw (New-Failure 'Bridge.NotAllowed' "not allowed: $name -$($parameter.Name)") }
                    $fixed = $rules[$parameter.Name]
                    if ($null -eq $fixed) { continue }
                    if ($null -eq $parameter.Value -or $fixed -is [Management.Automation.PSCustomObject]) { throw (New-Failure 'Bridge.NotAllowed' "not allowed: $name -$($parameter.Name) without a fixed value") }
                    foreach ($item in @($parameter.Value)) { if ($item -is [Management.Automation.PSCustomObject] -or $item -is [array] -or @($fixed) -notcontains $item) { throw (New-Failure 'Bridge.NotAllowed' "not allowed: $name -$($parameter.Name) with this value") } }
                }
                $isFirst = $false
            }
            if ($null -ne $call.select) {
                $key = $call.select -join ','
                if (-not $Projections.ContainsKey($key)) { Add-Projection $key $call.select }
                $views[$index] = $Projections[$key]
            }
        }
        for ($index = 0; $index -lt $calls.Length; $index++) {
            $call = $calls[$index]; $isRead = $call.kind -eq 'read' # anything else is a change: it stops at its first error
            $errors = [Collections.ArrayList]::new(); $faulty = @{}; $objects = @(); $rows = @(); $isFirst = $true
            try {
                foreach ($stage in $(if ($null -ne $call.pipeline) { $call.pipeline } else { $call })) {
                    if ($null -ne $stage.keep) {
                        $property = [string] $stage.keep.property
                        $objects = @(foreach ($object in $objects) { if ([string] $object.$property -eq [string] $stage.keep.equals) { $object } }) # as text: 0 -eq '' is true
                        if ($objects.Length -ne 1) { throw (New-Failure 'Bridge.KeepNotOne' "$($objects.Length) objects with $property equal to $($stage.keep.equals)") }
                        continue
                    }
                    $parameters = @{}
                    foreach ($property in $stage.params.PSObject.Properties) {
                        $value = $property.Value
                        if ($value -is [string] -or $value -is [valuetype]) { $parameters[$property.Name] = $value } else { $parameters[$property.Name] = Import-Value $value }
                    }
                    $source = $null; $isFrom = $null -ne $stage.from; $isPiped = -not $isFirst
                    if ($isFrom) { $source = @($kept[[int] $stage.from]) } elseif (-not $isFirst) { $source = $objects }
                    if ($null -ne $source -and $source.Length -eq 0) {
                        if (-not $isRead) { throw (New-Failure 'Bridge.NoObjects' "nothing for $($stage.cmdlet) to work on") }
                        $objects = @(); $isFirst = $false; continue
                    }
                    if ($isFrom) { $parameters[[string] $stage.as] = if ($source.Length -eq 1) { $source[0] } else { $source } }
                    elseif ($null -ne $stage.as) {
                        if ($source.Length -ne 1) { throw (New-Failure 'Bridge.KeepNotOne' "$($source.Length) objects for $($stage.cmdlet)") }
                        $rule = $allow[[string] $stage.cmdlet][[string] $stage.as]; $isPiped = $false
                        $parameters[[string] $stage.as] = if ($rule.property) { $source[0].($rule.property) } else { $source[0] }
                        if ($rule.and) { $parameters[[string] $rule.and] = $found }
                    }
                    # Explicit: functions of script modules (NetNat, NetTCPIP: CDXML) do not see this scope's preference variables.
                    $parameters['WarningAction'] = 'SilentlyContinue'; if ($isRead) { $parameters['ErrorAction'] = 'SilentlyContinue' } else { $parameters['ErrorAction'] = 'Stop' }
                    $failed = $null
                    $module = $Projections['#homes'][[string] $stage.cmdlet]
                    if ($module -and -not $Projections.ContainsKey($module)) { & $Projections['#load'] $module }
                    if ($isPiped) { $objects = @($objects | & $stage.cmdlet @parameters -ErrorVariable failed) } else { $objects = @(& $stage.cmdlet @parameters -ErrorVariable failed) }
                    if ($isFirst) { $found = $objects; $isFirst = $false }
                    foreach ($record in $failed) { [void] $errors.Add((Get-Fields $record)) }
                }
                if ($views.ContainsKey($index)) { $rows = @(& $views[$index] $objects $report) }
            }
            catch { if (-not $isRead) { throw }; $objects = @(); $rows = @(); [void] $errors.Add((Get-Fields $_)) }
            $kept[$index] = $objects
            $results += @{ rows = $rows; errors = $errors.ToArray() }
        }
        return ConvertTo-Json @{ ok = $true; results = $results } -Compress -Depth 8
    }
    catch { return ConvertTo-Json @{ ok = $false; call = $index; results = $results; error = (Get-Fields $_) } -Compress -Depth 8 }
}

# Readies a runspace, here or in a guest; there it says whether its account is an administrator.
$enter = {
    param([hashtable] $Texts, [bool] $IsGuest)
    # The policy of a client refuses the scripts of modules; this is for this session's process only.
    if ($IsGuest) { [Environment]::SetEnvironmentVariable('PSExecutionPolicyPreference', 'Bypass') }
    $gate = if ($IsGuest) { [object]::new() } else { $Texts.gate }
    [Threading.Monitor]::Enter($gate)
    try { $folder = & ([scriptblock]::Create($Texts.fence)) $Texts.folder } finally { [Threading.Monitor]::Exit($gate) }
    if ($PSVersionTable.PSVersion.Major -lt 6) { Remove-TypeData System.Array -ErrorAction SilentlyContinue }
    # Where the module of each cmdlet is: loaded when the cmdlet is first used, if no lane has loaded it before.
    $homes = @{}
    foreach ($one in (ConvertFrom-Json $Texts.homes).PSObject.Properties) { $homes[$one.Name] = [IO.Path]::Combine($folder, $one.Value) }
    $load = {
        param([string] $Module)
        $loaded = $global:Hypernest.projections
        if ($loaded.ContainsKey($Module)) { return }
        # Never while a runspace is opened: a manifest names others, which are looked for on the path.
        [Threading.Monitor]::Enter($loaded['#gate'])
        try { Import-Module $Module -ErrorAction Stop } finally { [Threading.Monitor]::Exit($loaded['#gate']) }
        $loaded[$Module] = $true
    }
    $global:Hypernest = @{ texts = $Texts; executor = [scriptblock]::Create($Texts.executor); reach = [scriptblock]::Create($Texts.reach); projections = @{ '#homes' = $homes; '#gate' = $gate; '#load' = $load }; sessions = @{} }
    if (-not $IsGuest) { return }
    $ErrorActionPreference = 'Stop'
    foreach ($one in & ([scriptblock]::Create($Texts.identity)) $folder) { [bool] $one.isElevated }
}

# Runs calls at the end of a path of VMs ('<l1>/<l2>') and returns the reply's fields as JSON text, always made here. Runs here for
# the first VM, in that VM for the next. One session for each VM is kept; it belongs to one account, named by the id of its secret.
# A VM is a stranger: whatever it says is one text in what is said here, and what is no such text, or too long, is not looked at.
$reach = {
    param([string] $Path, [string] $Accounts, [pscredential] $Credential, [pscredential] $Inner, [string] $CallsJson)
    $own = $global:Hypernest
    if (-not $Path) { return & $own.executor $CallsJson $own.texts.allow $own.projections }
    $ErrorActionPreference = 'Stop'; $ProgressPreference = 'SilentlyContinue'; $WarningPreference = 'SilentlyContinue'
    function New-Refusal([string] $id, $category, [string] $message) { [Management.Automation.ErrorRecord]::new([UnauthorizedAccessException]::new($message), $id, $category, $null) }
    # One object of one type and nothing else: what is another ends the pipeline, and no more is waited for. As it is, without the
    # members that may have come with it: a text can bring a Length of its own.
    function Get-Said($session, [string] $script, $arguments, [type] $type) {
        $refusal = New-Refusal 'Bridge.GuestAnswersWrongly' 'InvalidResult' 'What came from the VM is not what was asked for, or too long.'
        $count = 0; $plain = $null
        Invoke-Command -Session $session -ScriptBlock ([scriptblock]::Create($script)) -ArgumentList $arguments -ErrorAction Stop -InformationAction Ignore 3>$null 4>$null 5>$null 6>$null | ForEach-Object {
            if (++$count -gt 1 -or $_ -isnot $type) { throw $refusal }
            $plain = if ($type -eq [bool]) { [bool] $_ } else { [string] $_ }
        }
        if ($null -eq $plain -or ($plain -is [string] -and $plain.Length -gt 4194304)) { throw $refusal }
        $plain
    }
    $vm, $rest = $Path.Split([char[]] '/', 2); $account, $restAccounts = $Accounts.Split([char[]] '/', 2)
    $kept = $own.sessions[$vm]; $isSent = $false; $isOpen = $false
    try {
        if ($kept -and ($kept.account -ne $account -or [string] $kept.session.State -ne 'Opened')) {
            $own.sessions.Remove($vm); Remove-PSSession $kept.session -ErrorAction SilentlyContinue; $kept = $null
        }
        if (-not $kept) {
            # A session by the id of a VM looks for it with this module.
            $module = $own.projections['#homes']['Get-VM']
            if ($module) { & $own.projections['#load'] $module }
            $kept = @{ account = $account; session = New-PSSession -VMId $vm -Credential $Credential -ErrorAction Stop }
            $isOpen = $true
            if (-not (Get-Said $kept.session $own.texts.enter @($own.texts, $true) ([bool]))) { throw (New-Refusal 'Bridge.NotAdministrator' 'PermissionDenied' 'The account is not an administrator of the guest.') }
            $own.sessions[$vm] = $kept
        }
        $isSent = $true
        $inside = Get-Said $kept.session '& $global:Hypernest.reach @args' @($rest, $restAccounts, $Inner, $null, $CallsJson) ([string])
        return ConvertTo-Json @{ inside = $inside } -Compress
    }
    catch {
        $id = [string] $_.FullyQualifiedErrorId; $exception = $_.Exception
        # What was sent may have been done.
        if ($isSent) { if ($id -notlike 'Bridge.GuestAnswersWrongly*') { $id = "Session.Lost,$id" } }
        # One exception for each refusal of a guest; its own text tells which, whatever the language.
        elseif ($exception.GetType().Name -eq 'PSDirectException') {
            $assembly = [psobject].Assembly
            foreach ($name in $assembly.GetManifestResourceNames()) {
                if ($name -notlike '*RemotingErrorIdStrings.resources') { continue }
                if ($exception.Message -eq [Resources.ResourceManager]::new($name.Substring(0, $name.Length - 10), $assembly).GetString('HyperVNegotiationFailed')) { $id = "Bridge.UpdatesDiffer,$id" }
            }
        }
        if ($isSent -or $isOpen) { $own.sessions.Remove($vm); Remove-PSSession $kept.session -ErrorAction SilentlyContinue }
        # What the VM chose of it is cut: a text of any length is still a text.
        $texts = foreach ($text in $id, $_.CategoryInfo.TargetName, $exception.Message) { $text = [string] $text; if ($text.Length -gt 2000) { $text = $text.Substring(0, 2000) }; $text }
        return ConvertTo-Json @{ ok = $false; unknown = $isSent; error = @{ fqid = $texts[0]; category = $_.CategoryInfo.Category.ToString(); targetName = $texts[1]; exceptionType = $exception.GetType().FullName; message = $texts[2]; hresult = $exception.HResult } } -Compress -Depth 4
    }
}

# The next change of a VM has its turn, or nothing is left to do for it.
$endTurn = {
    param($of, $turns)
    [Threading.Monitor]::Enter($of)
    try { $of.active = $of.entries.get_Count() -gt 0; if ($of.active) { $turns.Add($of) } } finally { [Threading.Monitor]::Exit($of) }
}

# One lane: takes entries off its queue until the process ends, or until the main side has answered for it (deadline). The lanes for
# changes share one queue, of VMs whose turn it is: whichever is free takes the next, and of each VM one change at a time.
$laneLoop = {
    param($lane, $writer, [hashtable] $texts, [string] $allowJson)
    if (-not $global:Hypernest) { & ([scriptblock]::Create($texts.enter)) $texts $false }
    $own = $global:Hypernest; $shares = $lane.name -eq 'change'; $of = $null; $endTurn = [scriptblock]::Create($texts.endTurn)
    # What cannot be loaded is said of the change that needs it.
    if ($lane.ready) { try { & $own.projections['#load'] $own.projections['#homes']['Get-VM'] } catch { } }
    foreach ($entry in $lane.queue.GetConsumingEnumerable()) {
        if ($shares) {
            $of = $entry
            [Threading.Monitor]::Enter($of)
            try { $entry = $of.entries.Dequeue() } finally { [Threading.Monitor]::Exit($of) }
        }
        [Threading.Monitor]::Enter($entry)
        try { $mine = -not $entry.done; $entry.started = $mine; $entry.lane = $lane; $lane.busy = $mine } finally { [Threading.Monitor]::Exit($entry) }
        if (-not $mine) { if ($of) { & $endTurn $of $lane.queue }; continue } # its deadline passed while it was queued
        try {
            if ($entry.path) { $json = & $own.reach $entry.path $entry.accounts $entry.credentials[0] $entry.credentials[1] $entry.calls }
            else { $json = & $own.executor $entry.calls $allowJson $own.projections }
        }
        catch {
            $message = [string] $_.Exception.Message; if ($message.Length -gt 2000) { $message = $message.Substring(0, 2000) }
            $json = ConvertTo-Json @{ ok = $false; error = @{ fqid = $_.FullyQualifiedErrorId; category = $_.CategoryInfo.Category.ToString(); exceptionType = $_.Exception.GetType().FullName; message = $message; hresult = $_.Exception.HResult } } -Compress -Depth 4
        }
        [Threading.Monitor]::Enter($entry)
        try { $mine = -not $entry.done; $entry.done = $true } finally { [Threading.Monitor]::Exit($entry) }
        foreach ($credential in $entry.credentials) { $credential.Password.Dispose() }
        if (-not $mine) { # answered by the main side, which has put another lane on this queue, and given the turn on
            foreach ($kept in @($own.sessions.Values)) { Remove-PSSession $kept.session -ErrorAction SilentlyContinue }
            return
        }
        if ($of) { & $endTurn $of $lane.queue }
        # Made here by ConvertTo-Json, always: what a VM said is a text in it.
        $line = '{"id":' + $entry.id + ',' + ([string] $json).Substring(1)
        if ($line.Length -gt 4194304) { $line = '{"id":' + $entry.id + ',"ok":false,"unknown":true,"error":{"fqid":"' + $(if ($entry.path) { 'Bridge.GuestAnswersWrongly' } else { 'Bridge.TooLong' }) + '"}}' }
        [Threading.Monitor]::Enter($writer)
        try { $writer.WriteLine($line); $writer.Flush() } finally { [Threading.Monitor]::Exit($writer) }
        # What else came out of a VM is kept by PowerShell until it is thrown away.
        if ($entry.path) { $json = $line = $null; $lane.shell.Streams.ClearStreams(); $global:Error.Clear(); $lane.busy = $false }
    }
    $lane.busy = $true
    foreach ($kept in @($own.sessions.Values)) { Remove-PSSession $kept.session -ErrorAction SilentlyContinue }
    $own.sessions.Clear(); $lane.busy = $false
}

$utf8 = [Text.UTF8Encoding]::new($false)
$reader = [IO.StreamReader]::new($(if ($Pipe) { $Pipe } else { [Console]::OpenStandardInput() }), $utf8, $false, 65536)
$writer = [IO.StreamWriter]::new($(if ($Pipe) { $Pipe } else { [Console]::OpenStandardOutput() }), $utf8, 65536)
$writer.NewLine = "`n"
function Write-Line([string] $line) {
    [Threading.Monitor]::Enter($writer)
    try { $writer.WriteLine($line); $writer.Flush() } finally { [Threading.Monitor]::Exit($writer) }
}
function Write-Failure([long] $id, [string] $fqid, [string] $message, [bool] $unknown) { Write-Line ('{"id":' + $id + ',' + (ConvertTo-Json @{ ok = $false; unknown = $unknown; error = @{ fqid = $fqid; message = $message } } -Compress).Substring(1)) }

$options = ConvertFrom-Json $utf8.GetString([Convert]::FromBase64String($Setup))
$allowJson = ConvertTo-Json $options.allow -Compress -Depth 6
$folder = & $fence ([string] $options.folder)
$texts = @{ gate = [object]::new(); fence = $fence.ToString(); folder = [string] $options.folder; homes = ConvertTo-Json $options.homes -Compress; enter = $enter.ToString(); executor = $executor.ToString(); reach = $reach.ToString(); endTurn = $endTurn.ToString(); identity = [string] $options.identity; allow = ConvertTo-Json $options.allowInside -Compress -Depth 6 }
$lanes = @{}; $changeLanes = [Collections.ArrayList]::new(); $turns = [Collections.Concurrent.BlockingCollection[object]]::new(); $turnsOf = @{}; $timed = [Collections.ArrayList]::new(); $leaving = [Collections.ArrayList]::new(); $secrets = @{}; $modules = @{}; $identity = @{}
# A clone of this runspace's own initial state, so that it has whatever the host has.
function New-Shell {
    $shell = [powershell]::Create()
    $shell.Runspace = [runspacefactory]::CreateRunspace([runspace]::DefaultRunspace.InitialSessionState.Clone())
    # Opening puts the account's own folders on the path again, for the whole process: no module is loaded meanwhile. One that is loaded for
    # ever keeps every lane waiting: the process ends then, and another is opened.
    if (-not [Threading.Monitor]::TryEnter($texts.gate, 20000)) { throw 'a module has been loading for 20 s' }
    try { $shell.Runspace.Open(); [Environment]::SetEnvironmentVariable('PSModulePath', $folder) } finally { [Threading.Monitor]::Exit($texts.gate) }
    $shell
}
function Enter-Shell($shell) { [void] $shell.AddScript($texts.enter, $true).AddArgument($texts).AddArgument($false).Invoke(); $shell.Commands.Clear() }
# Nothing, or why it cannot be loaded.
function Import-Own($shell, [hashtable] $import) {
    try { [void] $shell.AddCommand('Import-Module').AddParameters($import).Invoke() }
    catch {
        $record = $_.Exception; if ($record.InnerException) { $record = $record.InnerException }
        if ($record.ErrorRecord) { $record.ErrorRecord } else { $_ }
    }
    finally { $shell.Commands.Clear() }
}
# Says which of Windows' modules can be loaded, once; every lane loads one when its cmdlet is first used.
function Test-Modules($shell) {
    Enter-Shell $shell
    foreach ($module in $options.modules) {
        $name = [string] $module.name; $state = @{ name = $name; state = 'loaded' }
        $import = @{ Name = [IO.Path]::Combine($folder, $name); ErrorAction = 'Stop' }
        if ($module.minimumVersion) { $import.MinimumVersion = [string] $module.minimumVersion }
        $record = Import-Own $shell $import
        # Windows answers that scripts are disabled: allowed for this process, once, and said in the handshake.
        if ($record -and $record.FullyQualifiedErrorId -match '^(Modules_)?UnauthorizedAccess(,|$)' -and $record.Exception -is [Management.Automation.PSSecurityException] -and $env:PSExecutionPolicyPreference -ne 'Bypass') {
            [Environment]::SetEnvironmentVariable('PSExecutionPolicyPreference', 'Bypass')
            $record = Import-Own $shell $import
        }
        if ($record) {
            $state.fqid = $record.FullyQualifiedErrorId; $state.message = $record.Exception.Message
            $state.state = if ($state.fqid -like 'Modules_ModuleNotFound*' -or $state.fqid -like 'Modules_ModuleWithVersionNotFound*') { 'missing' } else { 'blocked' }
        }
        $modules[$name] = $state
    }
}
# Opens a runspace on the lane's queue; but for the first, it readies itself: nothing waits for it here.
function Start-Lane($lane) {
    $shell = New-Shell
    if ($modules.get_Count() -eq 0) { Test-Modules $shell }
    $lane.shell = $shell
    [void] $shell.AddScript($laneLoop.ToString()).AddArgument($lane).AddArgument($writer).AddArgument($texts).AddArgument($allowJson)
    $lane.run = $shell.BeginInvoke()
}
function New-Lane([string] $name, $queue = [Collections.Concurrent.BlockingCollection[object]]::new(), [bool] $ready = $false) {
    $lane = @{ name = $name; queue = $queue; ready = $ready }
    Start-Lane $lane
    $lane
}
# The lane of a guest, with at most two for each: one may hang and be told to stop while the next is tried. $null: both hang.
function Get-GuestLane([string] $key) {
    if ($lanes.ContainsKey($key)) { return $lanes[$key] }
    Clear-Leaving; $hanging = 0
    foreach ($old in $leaving) { if ($old.lane.name -eq $key -and $old.lane.busy) { $hanging++ } }
    if ($hanging -ge 2) { return }
    $lanes[$key] = New-Lane $key
    $lanes[$key]
}
# Takes no more; its sessions end after what was asked before, and with them the lane.
function Close-Lane([string] $key) { $lane = $lanes[$key]; $lane.queue.CompleteAdding(); [void] $leaving.Add(@{ lane = $lane; shell = $lane.shell; ends = $lane.run }); $lanes.Remove($key) }
# Closed without being waited for: a runspace ends the sessions that were opened in it, and who is in them may not let go.
function Clear-Leaving {
    foreach ($old in @($leaving)) {
        if ($old.closing) { if ($old.shell.Runspace.RunspaceStateInfo.State -eq 'Closed') { $leaving.Remove($old); $old.shell.Dispose() } }
        elseif ($old.ends.IsCompleted) { $old.closing = $true; if ($old.lane.shell -eq $old.shell) { $old.lane.busy = $false }; $old.shell.Runspace.CloseAsync() }
    }
}
# A change waits for its turn at its VM, then for the first free of at most four lanes.
function Add-Change([string] $key, $entry) {
    if (-not $turnsOf.ContainsKey($key)) { $turnsOf[$key] = @{ entries = [Collections.Generic.Queue[object]]::new(); active = $false } }
    $of = $turnsOf[$key]; $entry.of = $of
    [Threading.Monitor]::Enter($of)
    try { $of.entries.Enqueue($entry); $begins = -not $of.active; $of.active = $true } finally { [Threading.Monitor]::Exit($of) }
    if (-not $begins) { return }
    $active = 0
    foreach ($one in $turnsOf.Values) { if ($one.active) { $active++ } }
    if ($changeLanes.get_Count() -lt [Math]::Min(4, $active)) { [void] $changeLanes.Add((New-Lane 'change' $turns)) }
    $turns.Add($of)
}
# Past its deadline, or called off: the answer comes from here. The lane's pipeline is told to stop and another takes its queue at once,
# since a cmdlet may ignore the stop; its runspace is closed when it is out.
function Stop-Entry($entry, [string] $fqid, [string] $message) {
    [Threading.Monitor]::Enter($entry)
    try { $late = -not $entry.done; $entry.done = $true } finally { [Threading.Monitor]::Exit($entry) }
    if (-not $late) { return }
    $changes = $false
    if ($entry.started) {
        try { $calls = ConvertFrom-Json $entry.calls; foreach ($call in $calls) { if ($call.kind -ne 'read') { $changes = $true } } } catch { $changes = $true }
        $old = $null
        foreach ($one in $leaving) { if ($one.shell -eq $entry.lane.shell) { $old = $one } } # told to end after this call
        if (-not $old) { $old = @{ lane = $entry.lane; shell = $entry.lane.shell }; [void] $leaving.Add($old) }
        $old.ends = $old.shell.BeginStop($null, $null)
    }
    Write-Failure $entry.id $fqid $message $changes
    if (-not $entry.started) { return }
    if ($entry.of) { & $endTurn $entry.of $turns }
    if (-not $entry.path) { Start-Lane $entry.lane; return }
    # Of a guest's lane what waits goes to the next one, if there is to be one.
    if ($lanes[$entry.key] -eq $entry.lane) { $lanes.Remove($entry.key) }
    $next = $null; $waiting = $null
    while ($entry.lane.queue.TryTake([ref] $waiting)) {
        if (-not $next) { try { $next = Get-GuestLane $entry.key } catch { } } # no lane to be had for a guest ends nothing
        if ($next) { $next.queue.Add($waiting) } else { Deny-Entry $waiting }
    }
}
function Deny-Entry($entry) {
    [Threading.Monitor]::Enter($entry)
    try { $mine = -not $entry.done; $entry.done = $true } finally { [Threading.Monitor]::Exit($entry) }
    foreach ($credential in $entry.credentials) { $credential.Password.Dispose() }
    if ($mine) { Write-Failure $entry.id 'Bridge.GuestBusy' 'two calls hang in it' $false }
}
function Add-Request($request) {
    $key = [string] $request.lane; $reads = $key -eq 'read'
    if (-not $reads -and $key -notmatch '^(host|vm:[0-9a-fA-F-]{36}|guest:[0-9a-fA-F-]{36}(/[0-9a-fA-F-]{36})?)$') { Write-Failure $request.id 'Bridge.BadLane' "no lane of the name $($request.lane)" $false; return }
    $entry = @{ id = [long] $request.id; key = $key; calls = [string] $request.calls; path = ''; credentials = @(); done = $false; started = $false }
    if ($key.StartsWith('guest:')) {
        $path = @($request.at); $given = @($request.credentials)
        if ("guest:$($path -join '/')" -ne $key -or $given.Length -ne $path.Length) { Write-Failure $entry.id 'Bridge.BadLane' 'a path and a lane that do not fit' $false; return }
        foreach ($one in $given) { if (-not $secrets.ContainsKey([string] $one.secret)) { Write-Failure $entry.id 'Bridge.UnknownSecret' "no secret of the id $($one.secret)" $false; return } }
        $entry.path = $path -join '/'; $entry.accounts = @(foreach ($one in $given) { [string] $one.secret }) -join '/'
        $entry.credentials = @(foreach ($one in $given) { [pscredential]::new([string] $one.userName, $secrets[[string] $one.secret].Copy()) })
    }
    elseif ($request.at) { Write-Failure $entry.id 'Bridge.BadLane' 'a path and a lane that do not fit' $false; return }
    if ($request.deadlineMs) { $entry.limit = [long] $request.deadlineMs; $entry.due = $clock.ElapsedMilliseconds + $entry.limit; [void] $timed.Add($entry) }
    if ($reads) {
        $lane = $lanes['read']; $lane.queue.Add($entry); $lane.asked++
        # While nothing waits for it: with the second read the first snapshot is over.
        if ($options.readyLane -and $lane.asked -eq 2 -and $changeLanes.get_Count() -eq 0) { [void] $changeLanes.Add((New-Lane 'change' $turns $true)) }
    }
    elseif ($entry.path) { $lane = Get-GuestLane $key; if ($lane) { $lane.queue.Add($entry) } else { Deny-Entry $entry } }
    else { Add-Change $key $entry }
}
# '#secret <id> <base64 of UTF-8>': .NET methods only, so that no cmdlet and no log has it.
function Add-Secret([string[]] $words) {
    $bytes = [Convert]::FromBase64String($words[2]); $chars = $utf8.GetChars($bytes); $secure = [Security.SecureString]::new()
    foreach ($char in $chars) { $secure.AppendChar($char) }
    $secure.MakeReadOnly(); [Array]::Clear($bytes, 0, $bytes.Length); [Array]::Clear($chars, 0, $chars.Length)
    $secrets[$words[1]] = $secure
}

$clock = [Diagnostics.Stopwatch]::StartNew()
$writer.WriteLine(); $writer.Flush() # ends whatever the host has written without a line end
try {
    # The members of a group can take long, on a laptop away from its domain: asked beside the rest, and not waited for longer than this.
    if ($options.membership) { $question = New-Shell; Enter-Shell $question; $asked = $question.AddScript([string] $options.membership).BeginInvoke(); $until = $clock.ElapsedMilliseconds + $options.membershipMs }
    $lanes['read'] = New-Lane 'read'
}
catch { Write-Failure 0 $_.FullyQualifiedErrorId $_.Exception.Message $false; [Environment]::Exit(70) }
if ($options.identity) {
    try { foreach ($one in & ([scriptblock]::Create([string] $options.identity)) $folder) { foreach ($property in $one.PSObject.Properties) { $identity[$property.Name] = $property.Value } } }
    catch { $identity['failed'] = $_.Exception.Message }
}
if ($options.membership) {
    $identity['isMember'] = $null
    if ($asked.AsyncWaitHandle.WaitOne([int] [Math]::Max(0, $until - $clock.ElapsedMilliseconds))) { try { foreach ($one in $question.EndInvoke($asked)) { $identity['isMember'] = [bool] $one } } catch { }; $question.Runspace.Dispose() }
}
Write-Line ('{"id":0,"ok":true,"ready":' + (ConvertTo-Json @{ psVersion = $PSVersionTable.PSVersion.ToString(); edition = [string] $PSVersionTable.PSEdition; languageMode = $ExecutionContext.SessionState.LanguageMode.ToString(); pid = $PID; modules = @($modules.Values); policyLifted = $env:PSExecutionPolicyPreference -eq 'Bypass'; identity = $(if ($identity.ContainsKey('sid')) { $identity } else { $null }) } -Compress -Depth 4) + '}')
# The end of stdin is the parent's end: leave at once, whatever is running.
$idle = if ($options.idleMs) { [long] $options.idleMs } else { -1 }; $lastUsed = $clock.ElapsedMilliseconds
$blank = [char[]] ' '; $reading = $reader.ReadLineAsync(); $overdue = $null
while ($true) {
    $wait = -1
    foreach ($entry in @($timed)) {
        $left = $entry.due - $clock.ElapsedMilliseconds
        if (-not $entry.done -and $left -gt 0) { if ($wait -lt 0 -or $left -lt $wait) { $wait = $left }; continue }
        $timed.Remove($entry)
        try { Stop-Entry $entry 'Bridge.TimedOut' "not done after $($entry.limit) ms" } catch { [Environment]::Exit(71) } # no lane to be had: the session opens another process
    }
    if ($idle -ge 0) {
        $rest = $idle - ($clock.ElapsedMilliseconds - $lastUsed)
        if ($rest -gt 0) { $overdue = $null; if ($wait -lt 0 -or $rest -lt $wait) { $wait = $rest } }
        else {
            # Kept from running for that long, it may have been used meanwhile: half a second is left to what has come by then.
            if ($null -eq $overdue) { $overdue = $clock.ElapsedMilliseconds }
            $left = 500 - ($clock.ElapsedMilliseconds - $overdue)
            if ($left -gt 0) { if ($wait -lt 0 -or $left -lt $wait) { $wait = $left } }
            else {
                # What is only read holds up nothing, else it would live on as long as something reads.
                $holds = $false
                foreach ($entry in $timed) { if ($entry.key -ne 'read') { $holds = $true } }
                if (-not $holds) { break }
            }
        }
    }
    if ($leaving.get_Count() -gt 0) { Clear-Leaving; if ($wait -lt 0) { $wait = 1000 } }
    # While a deadline runs no wait is long: one that took far longer means that the PC slept, and that time does not count.
    if ($wait -gt 5000) { $wait = 5000 }
    $before = $clock.ElapsedMilliseconds
    try { $isRead = $reading.Wait([int] $wait) } catch { break }
    $slept = $clock.ElapsedMilliseconds - $before - $wait
    if ($wait -ge 0 -and $slept -gt 10000) { $lastUsed += $slept; foreach ($entry in $timed) { $entry.due += $slept } }
    if (-not $isRead) { continue }
    $line = $reading.Result
    if ($null -eq $line) { break }
    $reading = $reader.ReadLineAsync()
    # '#used': a person or a change makes use of it. What is read comes by itself and is no use.
    if ($line -eq '#used') { $lastUsed = $clock.ElapsedMilliseconds; continue }
    if ($line.StartsWith('#secret ')) { try { Add-Secret $line.Split(' ') } catch { }; continue }
    if ($line.StartsWith('#forget ')) { $id = $line.Substring(8); if ($secrets.ContainsKey($id)) { $secrets[$id].Dispose(); $secrets.Remove($id) }; continue }
    # '#close <VM>': its kept session, and those in its own VMs, end after what was asked of them before.
    if ($line.StartsWith('#close ')) {
        $closed = 'guest:' + $line.Substring(7)
        foreach ($key in @($lanes.Keys)) { if ($key -eq $closed -or $key.StartsWith("$closed/")) { Close-Lane $key } }
        continue
    }
    # '#stop <id>': what is queued never runs, what is under way is told to stop.
    if ($line.StartsWith('#stop ')) {
        foreach ($entry in @($timed)) { if ([string] $entry.id -eq $line.Substring(6)) { try { Stop-Entry $entry 'Session.Cancelled' 'called off' } catch { [Environment]::Exit(71) } } }
        continue
    }
    # What is no request comes from nobody whom we know: this process ends rather than leave somebody without an answer.
    # '#call <id> <lane> <deadline> <calls>': calls on this PC, most of all that comes. The calls are read in their lane, this needs no reader.
    if ($line.StartsWith('#call ')) { $words = $line.Split($blank, 5); $request = @{ id = $words[1]; lane = $words[2]; deadlineMs = $words[3]; calls = $words[4] } }
    elseif ($line.Trim() -eq '') { continue }
    else { $request = ConvertFrom-Json $line }
    $request.id = [long] $request.id; $request.deadlineMs = [long] $request.deadlineMs
    if ($request.id -le 0 -or $request.deadlineMs -le 0) { throw 'a request without an id or a deadline' }
    try { Add-Request $request } catch { Write-Failure $request.id $_.FullyQualifiedErrorId $_.Exception.Message $false }
}
[Environment]::Exit(0)
