// PowerShell Direct in the simulated world: the engine's own cmdlets of the session into a VM, which is a runspace here whose
// simulated modules ask about the guest. Same class names as the real ones, so that their errors have the same ids.
#pragma warning disable CS0436
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hypernest.Simulation;

namespace Hypernest.Simulation
{
    public sealed class SimulatedSession
    {
        internal Place Outside;
        internal string Key;
        public int Id => Runspace.Id;
        public Guid VMId { get; internal set; }
        public string VMName { get; internal set; }
        public string ComputerName => VMName;
        public Runspace Runspace { get; internal set; }

        public string State => Look().State;

        /// <summary>The simulator knows: a VM that has stopped or restarted has taken its sessions along; and one may lie.</summary>
        internal (string State, JsonElement? Lie) Look()
        {
            if (Runspace.RunspaceStateInfo.State != RunspaceState.Opened) return ("Closed", null);
            using (var reply = Outside.Ask("Get-PSSession", Named()))
            {
                foreach (var row in reply.RootElement.GetProperty("rows").EnumerateArray())
                    return (row.GetProperty("State").GetString(), row.TryGetProperty("Lie", out var lie) ? lie.Clone() : (JsonElement?)null);
                return ("Broken", null);
            }
        }

        internal void End()
        {
            Outside.Ask("Remove-PSSession", Named()).Dispose();
            Runspace.Dispose();
        }

        internal Dictionary<string, object> Named() => new Dictionary<string, object> { ["Id"] = Key };
    }
}

namespace Microsoft.PowerShell.Commands
{
    /// <summary>The way into VMs that are told by id or by name, with an account of theirs.</summary>
    public abstract class IntoVMs : PSCmdlet
    {
        protected IEnumerable<SimulatedSession> Enter(Guid[] ids, string[] names, PSCredential account)
        {
            var outside = Place.Of(this);
            return (ids ?? names.SelectMany(name => Named(outside, name)).ToArray()).SelectMany(vm => Enter(outside, vm, account));
        }

        IEnumerable<Guid> Named(Place outside, string name)
        {
            using (var reply = outside.Ask("Get-VM", new Dictionary<string, object> { ["Name"] = name }))
            {
                foreach (var error in reply.RootElement.GetProperty("errors").EnumerateArray()) WriteError(Wire.Error(error));
                return reply.RootElement.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("Id").GetGuid()).ToArray();
            }
        }

        IEnumerable<SimulatedSession> Enter(Place outside, Guid vm, PSCredential account)
        {
            // Not a cmdlet's argument: what Windows itself hands to the guest.
            var asked = new Dictionary<string, object> { ["VMId"] = vm, ["UserName"] = account.UserName, ["Password"] = account.GetNetworkCredential().Password };
            using (var reply = outside.Ask("New-PSSession", asked))
            {
                foreach (var error in reply.RootElement.GetProperty("errors").EnumerateArray()) WriteError(Wire.Error(error));
                foreach (var row in reply.RootElement.GetProperty("rows").EnumerateArray()) yield return Open(outside, vm, row.GetProperty("Id").GetString());
            }
        }

        SimulatedSession Open(Place outside, Guid vm, string key)
        {
            var machine = outside.Machine == "" ? vm.ToString() : outside.Machine + "/" + vm;
            var state = Runspace.DefaultRunspace.InitialSessionState.Clone();
            foreach (var (name, value) in new[] { ("HypernestMachine", machine), ("HypernestSession", key) })
            {
                state.Variables.Remove(name, null);
                state.Variables.Add(new SessionStateVariableEntry(name, value, ""));
            }
            // These cmdlets stand before the engine's in the guest too; every other module is loaded when it is first used, as on Windows.
            state.ImportPSModule(new[] { MyInvocation.MyCommand.Module.Path });
            var runspace = RunspaceFactory.CreateRunspace(state);
            runspace.ThreadOptions = PSThreadOptions.UseCurrentThread; // one connection for each lane, however deep
            runspace.Open();
            using (var named = outside.Ask("Get-VM", new Dictionary<string, object> { ["Id"] = vm }, live: true))
            {
                var name = named.RootElement.GetProperty("rows").EnumerateArray().Select(row => Wire.Text(row.GetProperty("Name"))).FirstOrDefault();
                return new SimulatedSession { Outside = outside, Key = key, VMId = vm, VMName = name, Runspace = runspace };
            }
        }
    }

    [Cmdlet("New", "PSSession", DefaultParameterSetName = "VMId")]
    public class NewPSSessionCommand : IntoVMs
    {
        [Parameter(Mandatory = true, Position = 0, ParameterSetName = "VMId")] [Alias("VMGuid")] public Guid[] VMId { get; set; }
        [Parameter(Mandatory = true, ParameterSetName = "VMName")] public string[] VMName { get; set; }
        [Parameter(Mandatory = true)] [Credential] public PSCredential Credential { get; set; }

        protected override void ProcessRecord()
        {
            ModuleLog.Write(this);
            foreach (var session in Enter(VMId, VMName, Credential)) WriteObject(session);
        }
    }

    [Cmdlet("Invoke", "Command", DefaultParameterSetName = "InProcess")]
    public class InvokeCommandCommand : IntoVMs
    {
        [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Session")] public SimulatedSession[] Session { get; set; }
        [Parameter(Mandatory = true, Position = 0, ParameterSetName = "VMId")] [Alias("VMGuid")] public Guid[] VMId { get; set; }
        [Parameter(Mandatory = true, ParameterSetName = "VMName")] public string[] VMName { get; set; }
        [Parameter(Mandatory = true, ParameterSetName = "VMId")] [Parameter(Mandatory = true, ParameterSetName = "VMName")] [Credential] public PSCredential Credential { get; set; }
        [Parameter(Mandatory = true, Position = 0, ParameterSetName = "InProcess")] [Parameter(Mandatory = true, Position = 1, ParameterSetName = "Session")]
        [Parameter(Mandatory = true, Position = 1, ParameterSetName = "VMId")] [Parameter(Mandatory = true, Position = 1, ParameterSetName = "VMName")]
        [Alias("Command")] public ScriptBlock ScriptBlock { get; set; }
        [Parameter] [Alias("Args")] public object[] ArgumentList { get; set; }
        System.Management.Automation.PowerShell shell;

        protected override void ProcessRecord()
        {
            ModuleLog.Write(this);
            if (ParameterSetName == "InProcess") { WriteObject(ScriptBlock.Invoke(ArgumentList ?? new object[0]), true); return; }
            if (Session != null) { Say(Session); return; }
            // One that is opened for this call alone is over with it.
            foreach (var session in Enter(VMId, VMName, Credential))
                try { Say(new[] { session }); }
                finally { session.End(); }
        }

        void Say(IEnumerable<SimulatedSession> sessions)
        {
            foreach (var session in sessions)
                using (shell = System.Management.Automation.PowerShell.Create())
                {
                    shell.Runspace = session.Runspace;
                    shell.AddScript(WithUsing(session.Runspace));
                    foreach (var argument in ArgumentList ?? new object[0]) shell.AddArgument(Sent(argument));
                    var errors = new List<ErrorRecord>();
                    var results = new List<object>();
                    try
                    {
                        foreach (var result in shell.Invoke()) results.Add(SentFrom(session, result));
                        errors.AddRange(shell.Streams.Error);
                    }
                    catch (RuntimeException error) when (!(error is PipelineStoppedException)) { errors.Add(error.ErrorRecord); }
                    // What was on its way when the session ended has never arrived.
                    var (state, lie) = session.Look();
                    if (state != "Opened") { WriteError(Ended()); continue; }
                    var isEntering = !ScriptBlock.ToString().Contains("Hypernest.reach");
                    if (lie is JsonElement told && isEntering == (told.GetProperty("instead").GetString() == "entering")) { Tell(told); continue; }
                    WriteObject(results, true);
                    foreach (var error in errors) WriteError(Remote(error));
                }
        }

        protected override void StopProcessing() => shell?.BeginStop(null, null);

        /// <summary>The script with `$using:name` as a variable of the session, which holds what the caller's does.</summary>
        string WithUsing(Runspace runspace)
        {
            var script = ScriptBlock.ToString();
            var found = System.Management.Automation.Language.Parser.ParseInput(script, out _, out _)
                .FindAll(one => one is System.Management.Automation.Language.UsingExpressionAst, true)
                .Select(one => (System.Management.Automation.Language.VariableExpressionAst)one.Find(inner => inner is System.Management.Automation.Language.VariableExpressionAst, true));
            foreach (var variable in found.OrderByDescending(one => one.Extent.StartOffset))
            {
                var name = Regex.Replace(variable.VariablePath.UserPath, "^using:", "", RegexOptions.IgnoreCase);
                var value = SessionState.PSVariable.Get(name);
                if (value is null)
                {
                    var said = $"The value of the using variable '$using:{name}' cannot be retrieved because it has not been set in the local session.";
                    ThrowTerminatingError(Wire.WithId(new ErrorRecord(new RuntimeException(said), "", ErrorCategory.InvalidOperation, null), "UsingVariableIsUndefined,Microsoft.PowerShell.Commands.InvokeCommandCommand"));
                }
                runspace.SessionStateProxy.SetVariable("__using_" + name, Sent(value.Value));
                var (start, end) = (variable.Extent.StartOffset, variable.Extent.EndOffset);
                script = script.Substring(0, start) + "${__using_" + name + "}" + script.Substring(end);
            }
            return script;
        }

        /// <summary>With where it came from, as Windows marks it.</summary>
        static object SentFrom(SimulatedSession session, object value)
        {
            var sent = Sent(value);
            if (sent is null) return null;
            var marked = PSObject.AsPSObject(sent);
            foreach (var (name, note) in new (string, object)[] { ("PSComputerName", session.ComputerName), ("RunspaceId", session.Runspace.InstanceId) })
                if (marked.Properties[name] is null) marked.Properties.Add(new PSNoteProperty(name, note));
            return marked;
        }

        /// <summary>What a guest says in place of what it was asked (simulator/world.ts, GuestLie), as it would arrive.</summary>
        void Tell(JsonElement lie)
        {
            for (var besides = lie.TryGetProperty("besides", out var many) ? many.GetInt32() : 0; besides > 0; besides--)
            {
                WriteWarning(new string('w', 1024));
                WriteVerbose(new string('v', 1024));
                WriteDebug(new string('d', 1024));
                WriteInformation(new InformationRecord(new string('i', 1024), "guest"));
                WriteProgress(new ProgressRecord(1, "guest", new string('p', 1024)));
            }
            for (var copies = lie.TryGetProperty("copies", out var count) ? count.GetInt32() : 1; copies > 0; copies--)
                foreach (var one in lie.GetProperty("objects").EnumerateArray())
                    WriteObject(one.TryGetProperty("clixml", out var clixml) ? PSSerializer.Deserialize(clixml.GetString()) : Repeated(one), false);
            if (!lie.TryGetProperty("error", out var error)) return;
            var record = new ErrorRecord(new RemoteException(Repeated(error.GetProperty("message"))), "", ErrorCategory.NotSpecified, Repeated(error.GetProperty("target")));
            WriteError(Wire.WithId(record, Repeated(error.GetProperty("id"))));
        }

        static string Repeated(JsonElement text) =>
            new StringBuilder().Insert(0, text.GetProperty("text").GetString(), text.TryGetProperty("times", out var times) ? times.GetInt32() : 1).ToString();

        /// <summary>As it arrives at the other end; a credential does as what it is.</summary>
        static object Sent(object value)
        {
            var plain = value is PSObject wrapped ? wrapped.BaseObject : value;
            return plain is null || plain is PSCredential ? plain : PSSerializer.Deserialize(PSSerializer.Serialize(value));
        }

        static ErrorRecord Remote(ErrorRecord error) =>
            Wire.WithId(new ErrorRecord(new RemoteException(error.Exception.Message), "", error.CategoryInfo.Category, error.TargetObject), error.FullyQualifiedErrorId);

        static ErrorRecord Ended()
        {
            const string text = "An error has occurred which Windows PowerShell cannot handle. A remote session might have ended.";
            var exception = new System.Management.Automation.Remoting.PSRemotingDataStructureException(text);
            return Wire.WithId(new ErrorRecord(exception, "", ErrorCategory.OpenError, null), "PSSessionStateBroken");
        }
    }

    [Cmdlet("Remove", "PSSession")]
    public class RemovePSSessionCommand : PSCmdlet
    {
        [Parameter(Mandatory = true, Position = 0)] public SimulatedSession[] Session { get; set; }

        protected override void ProcessRecord()
        {
            foreach (var session in Session) session.End();
        }
    }
}
