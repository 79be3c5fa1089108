# Says what of a script Windows PowerShell 5.1 would not take: errors of the parser, and syntax that came after 5.1.
# One line each, "<file>:<line>: <what>"; exit code 1 when there is any. Runs in the engine, in pwsh and in 5.1.
param([Parameter(Mandatory = $true, ValueFromRemainingArguments = $true)] [string[]] $Path)

$newTokens = 'QuestionQuestion', 'QuestionQuestionEquals', 'QuestionDot', 'QuestionLBracket', 'QuestionMark', 'AndAnd', 'OrOr', 'Clean'
$newNodes = 'TernaryExpressionAst', 'PipelineChainAst'
$found = 0
foreach ($file in $Path) {
    $tokens = $null; $errors = $null
    $script = [Management.Automation.Language.Parser]::ParseFile($file, [ref] $tokens, [ref] $errors)
    foreach ($problem in $errors) { $found++; "${file}:$($problem.Extent.StartLineNumber): $($problem.Message)" }
    foreach ($token in $tokens) {
        $kind = [string] $token.Kind; $text = $token.Text; $what = $null
        if ($newTokens -contains $kind) { $what = $kind }
        # 0b1010 and the suffixes u, s, y, n came with 6.2 and 7.0.
        elseif ($kind -eq 'Number' -and $text -match '^[+-]?(0b|(0x[0-9a-f]+|[0-9.]+(e[+-]?[0-9]+)?)(u|us|ul|uy|s|y|n)(kb|mb|gb|tb|pb)?$)' -and $text -notmatch '^0x[0-9a-f]+$') { $what = 'Number' }
        # `e and `u{...} are other characters there.
        elseif (('StringExpandable', 'HereStringExpandable' -contains $kind) -and $text -cmatch '(?<!`)(``)*`(e|u\{)') { $what = 'Escape' }
        if ($what) { $found++; "${file}:$($token.Extent.StartLineNumber): $what $text" }
    }
    $nodes = $script.FindAll({
            param($node)
            ($newNodes -contains $node.GetType().Name) -or
            ($node -is [Management.Automation.Language.CommandParameterAst] -and $node.ParameterName -eq 'Parallel') -or
            ($node.PSObject.Properties['Background'] -and $node.Background)
        }, $true)
    foreach ($node in $nodes) { $found++; "${file}:$($node.Extent.StartLineNumber): $($node.GetType().Name) $($node.Extent.Text)" }
}
if ($found -gt 0) { exit 1 }
