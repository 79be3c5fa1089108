using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Text;
using Hypernest.Engine;

// Accepts what node-powershell and our own spawns use of powershell.exe's command line.
bool noExit = false; string? command = null, file = null; var rest = new List<string>();
for (int i = 0; i < args.Length; i++)
{
    switch (args[i].ToLowerInvariant())
    {
        case "-nologo": case "-noprofile": case "-noninteractive": break;
        case "-noexit": noExit = true; break;
        case "-executionpolicy": case "-inputformat": case "-outputformat": case "-windowstyle": i++; break;
        case "-command": case "-c": command = string.Join(' ', args[(i + 1)..]); i = args.Length; break;
        case "-encodedcommand": case "-ec": command = Encoding.Unicode.GetString(Convert.FromBase64String(args[++i])); break;
        case "-file": case "-f": file = args[++i]; rest.AddRange(args[(i + 1)..]); i = args.Length; break;
        default: Console.Error.WriteLine($"unknown argument {args[i]}"); return 64;
    }
}
Console.OutputEncoding = new UTF8Encoding(false);
var host = new ConsoleHost();
var iss = InitialSessionState.CreateDefault2();
foreach (var (name, type) in Cmdlets.All) iss.Commands.Add(new SessionStateCmdletEntry(name, type, null));
// A program of Windows, of this machine's own where it is one: never that.
iss.Commands.Add(new SessionStateFunctionEntry("netsh", "throw [NotSupportedException]::new('netsh is not simulated.')"));
using var runspace = RunspaceFactory.CreateRunspace(host, iss);
runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
runspace.Open();
Runspace.DefaultRunspace = runspace;

if (file is not null) { Run("", file, rest); return host.ExitCode ?? (host.Failed ? 1 : LastExitCode()); }
if (command is not null && command != "-") { Run(command); if (!noExit || host.ExitCode is not null) return host.ExitCode ?? (host.Failed ? 1 : 0); }

// `-Command -`: one statement per line; an incomplete one runs on until a blank line or the end of the input.
var block = new StringBuilder();
while (host.ExitCode is null)
{
    var line = Console.In.ReadLine();
    if (line is null) { if (block.Length > 0) Run(block.ToString()); break; }
    if (block.Length == 0)
    {
        if (string.IsNullOrWhiteSpace(line)) continue;
        Parser.ParseInput(line, out _, out var errors);
        if (errors.Any(e => e.IncompleteInput)) { block.AppendLine(line); continue; }
        Run(line);
    }
    else if (string.IsNullOrWhiteSpace(line)) { var text = block.ToString(); block.Clear(); Run(text); }
    else block.AppendLine(line);
}
return host.ExitCode ?? 0;

// What `exit` in a script has left.
int LastExitCode() => runspace.SessionStateProxy.GetVariable("LASTEXITCODE") is int code ? code : 0;

void Run(string script, string? path = null, List<string>? arguments = null)
{
    host.Failed = false;
    using var ps = PowerShell.Create();
    ps.Runspace = runspace;
    if (path is not null) { ps.AddCommand(Path.GetFullPath(path), false); foreach (var a in arguments!) ps.AddArgument(a); }
    else ps.AddScript(script, false);
    ps.AddCommand("Out-Default");
    ps.Commands.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
    // As powershell.exe: the last statement decides, not an error that was caught before it.
    try { ps.Invoke(); host.Failed = runspace.SessionStateProxy.GetVariable("?") is false; }
    catch (Exception e)
    {
        host.Failed = true;
        var record = (e as RuntimeException)?.ErrorRecord;
        host.UI.WriteErrorLine(record is null ? e.ToString() : $"{record}\n    + CategoryInfo          : {record.CategoryInfo}\n    + FullyQualifiedErrorId : {record.FullyQualifiedErrorId}");
    }
}
