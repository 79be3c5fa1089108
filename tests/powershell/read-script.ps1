# Reads scripts with the engine's own parser: what is wrong with them, and each command with its arguments.
# $Path: JSON array of texts. Writes JSON: for each {bad: [text], commands: [{name, arguments: ["-Name" or UTF-16 codes, those of a list with | between]}]}.
param([string] $Path)
$texts = ConvertFrom-Json ([IO.File]::ReadAllText($Path))
$results = foreach ($text in $texts) {
    $tokens = $null; $errors = $null
    $tree = [Management.Automation.Language.Parser]::ParseInput($text, [ref] $tokens, [ref] $errors)
    $bad = @(foreach ($problem in $errors) { "$($problem.Extent.StartLineNumber): $($problem.Message)" })
    $commands = @(
        foreach ($command in $tree.FindAll({ param($one) $one -is [Management.Automation.Language.CommandAst] }, $true)) {
            $arguments = @(
                for ($i = 1; $i -lt $command.CommandElements.Count; $i++) {
                    $element = $command.CommandElements[$i]
                    if ($element -is [Management.Automation.Language.CommandParameterAst]) {
                        "-$($element.ParameterName)"
                        if ($null -eq $element.Argument) { continue }
                        $element = $element.Argument
                    }
                    # A literal is its value; a text that is spelt out is made by its own expression, which holds numbers only.
                    $items = if ($element -is [Management.Automation.Language.ArrayLiteralAst]) { $element.Elements } else { $element }
                    @(foreach ($item in $items) {
                            # What would run something is its own text.
                            $runs = $item -is [Management.Automation.Language.ScriptBlockExpressionAst] -or $null -ne $item.Find({ param($one) $one -is [Management.Automation.Language.CommandAst] }, $true)
                            $value = if ($item -is [Management.Automation.Language.ConstantExpressionAst]) { $item.Value } elseif ($runs) { $item.Extent.Text } else { & ([scriptblock]::Create($item.Extent.Text)) }
                            ([string] $value).ToCharArray().ForEach([int]) -join ','
                        }) -join '|'
                }
            )
            @{ name = [string] $command.GetCommandName(); arguments = $arguments }
        }
    )
    @{ bad = $bad; commands = $commands }
}
[Console]::Out.WriteLine((ConvertTo-Json @{ results = @($results) } -Depth 6 -Compress))
