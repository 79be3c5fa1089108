// What the generated cmdlets share: one line of JSON to the simulator and back (simulator/wire.ts), as real objects and error records.
using System.Collections;
using System.IO.Pipes;
using System.Management.Automation;
using System.Text;
using System.Text.Json;
using Hypernest.Simulation;
using Microsoft.HyperV.PowerShell;

namespace Microsoft.HyperV.PowerShell
{
    public class VirtualizationObject
    {
        /// <summary>By property: what its getter throws; null: it can be read. What is not in it is not simulated.</summary>
        Dictionary<string, Exception> read;
        Place from;
        DateTime readAt;
        int changes;

        /// <summary>Objects of Hyper-V are live: one that is older than a change, or than this, is read again. A list of a thousand is younger.</summary>
        static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

        internal void CameFrom(Place place) => (from, readAt, changes) = (place, DateTime.UtcNow, Place.Changes);

        void Refresh()
        {
            var place = from;
            // What a file says, and what does not say whose it is, stay as they were read.
            if (place is null || GetType().Name is "VirtualHardDisk" or "VMSecurity" || changes == Place.Changes && DateTime.UtcNow - readAt < Fresh) return;
            // Its own id and VM are read meanwhile.
            from = null;
            var type = GetType();
            object Of(string property) => type.GetProperty(property)?.GetValue(this);
            var (cmdlet, asked) = type.Name switch
            {
                "VirtualMachine" => ("Get-VM", new Dictionary<string, object> { ["Id"] = Of("Id") }),
                "VMSwitch" or "VMSnapshot" => ("Get-" + type.Name, new Dictionary<string, object> { ["Id"] = Of("Id") }),
                "VMHost" => ("Get-VMHost", new Dictionary<string, object>()),
                "HardDiskDrive" or "DvdDrive" => ("Get-VM" + type.Name, new Dictionary<string, object> { ["VM"] = new VmReference(Of("VMId").ToString()) }),
                _ => ("Get-" + type.Name.Replace("Component", "Service"), new Dictionary<string, object> { ["VM"] = new VmReference(Of("VMId").ToString()) }),
            };
            using (var reply = place.Ask(cmdlet, asked, live: true))
                foreach (var row in reply.RootElement.GetProperty("rows").EnumerateArray())
                    if (!row.TryGetProperty("Id", out var id) || string.Equals(id.GetString(), Of("Id").ToString(), StringComparison.OrdinalIgnoreCase))
                        Take((VirtualizationObject)Materialise.From(type.Name, row));
            CameFrom(place);
        }

        void Take(VirtualizationObject now)
        {
            foreach (var field in GetType().GetFields(System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.DeclaredOnly))
                field.SetValue(this, field.GetValue(now));
            read = now.read;
        }

        protected bool Holds(JsonProperty property)
        {
            read = read ?? new Dictionary<string, Exception>();
            read[property.Name] = Wire.Thrown(property.Value)?.Exception;
            return property.Value.ValueKind != JsonValueKind.Null && read[property.Name] is null;
        }

        protected void Read(string property)
        {
            if (read is null) return;
            if (property != "Id") Refresh();
            if (!read.TryGetValue(property, out var error)) throw new NotSupportedException($"{property} of {GetType().Name} is not simulated.");
            if (error != null) throw error;
        }

        /// <summary>As Hyper-V's own; of a checkpoint and of the host no source has it.</summary>
        public override string ToString()
        {
            var type = GetType();
            object Of(string property) => type.GetProperty(property)?.GetValue(this);
            if (this is VMSnapshot || this is VMHost) throw new NotSupportedException($"The text of {type.Name} is not simulated.");
            return this is VirtualMachine || this is VMSwitch
                ? $"{type.Name} (Name = '{Of("Name")}') [Id = '{Of("Id")}']"
                : $"{type.Name} (Name = '{Of("Name")}', VMName = '{Of("VMName")}') [Id = '{Of("Id")}', VMId = '{Of("VMId")}']";
        }
    }

    /// <summary>The VM of a device, of which no more is there.</summary>
    internal sealed class VmReference
    {
        internal readonly string Id;
        internal VmReference(string id) { Id = id; }
    }

    public class VirtualizationException : Exception
    {
        public VirtualizationException(string message) : base(message) { }
    }
}

namespace Microsoft.PowerShell.Cmdletization.Cim
{
    /// <summary>Of a module that comes with PowerShell and not with its engine.</summary>
    public class CimJobException : Exception { public CimJobException(string message) : base(message) { } }
}

namespace Microsoft.PowerShell.Commands
{
    /// <summary>Of services: on Windows alone.</summary>
    public class ServiceCommandException : Exception { public ServiceCommandException(string message) : base(message) { } }
}

namespace Hypernest.Simulation
{
    /// <summary>What module logging would write of a call (event 4103): its parameters as text.</summary>
    public static class ModuleLog
    {
        static readonly string path = Environment.GetEnvironmentVariable("HYPERNEST_MODULE_LOG");

        public static void Write(PSCmdlet cmdlet)
        {
            if (path is null) return;
            var lines = cmdlet.MyInvocation.BoundParameters.Select(one =>
                $"ParameterBinding({cmdlet.MyInvocation.MyCommand.Name}): name=\"{one.Key}\"; value=\"{Text(one.Value)}\"\n");
            lock (typeof(ModuleLog)) File.AppendAllText(path, string.Concat(lines));
        }

        static string Text(object value) => value is IEnumerable list && !(value is string) ? string.Join(", ", list.Cast<object>().Select(Text)) : $"{value}";
    }

    public static class Wire
    {
        [ThreadStatic] static StreamReader reader;
        [ThreadStatic] static StreamWriter writer;

        /// <summary>One connection for each lane's thread: requests and replies strictly in turn.</summary>
        public static string Exchange(string line)
        {
            if (writer is null)
            {
                var pipe = new NamedPipeClientStream(".", Environment.GetEnvironmentVariable("HYPERNEST_SIMULATOR"), PipeDirection.InOut, PipeOptions.Asynchronous);
                pipe.Connect(5000);
                reader = new StreamReader(pipe, new UTF8Encoding(false), false, 65536);
                writer = new StreamWriter(pipe, new UTF8Encoding(false), 65536) { NewLine = "\n" };
            }
            try
            {
                writer.WriteLine(line);
                writer.Flush();
                return reader.ReadLine() ?? throw new IOException("the simulator closed the connection");
            }
            catch { writer = null; reader = null; throw; }
        }

        static void Reference(Utf8JsonWriter json, string type, string id)
        {
            json.WriteStartObject();
            json.WriteStartObject("$ref");
            json.WriteString("type", type);
            json.WriteString("id", id);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        public static void Write(Utf8JsonWriter json, object value)
        {
            if (value is PSObject wrapped)
            {
                if (Loose.ClassOf(wrapped) is string type)
                {
                    Reference(json, type, wrapped.Properties["InstanceID"]?.Value?.ToString());
                    return;
                }
                value = wrapped.BaseObject;
            }
            switch (value)
            {
                case null: json.WriteNullValue(); break;
                case string text: json.WriteStringValue(text); break;
                case bool boolean: json.WriteBooleanValue(boolean); break;
                case SwitchParameter on: json.WriteBooleanValue(on.IsPresent); break;
                case Enum name: json.WriteStringValue(name.ToString()); break;
                case Guid guid: json.WriteStringValue(guid); break;
                case ulong big: json.WriteNumberValue(big); break;
                case int or long or short or byte or uint or ushort: json.WriteNumberValue(Convert.ToInt64(value)); break;
                case TimeSpan span: json.WriteNumberValue(span.TotalSeconds); break;
                case VmReference vm: Reference(json, "VirtualMachine", vm.Id); break;
                case VirtualizationObject live: Reference(json, live.GetType().Name, live.GetType().GetProperty("Id")?.GetValue(live)?.ToString()); break;
                case IEnumerable list:
                    json.WriteStartArray();
                    foreach (var item in list) Write(json, item);
                    json.WriteEndArray();
                    break;
                default: json.WriteStringValue(value.ToString()); break;
            }
        }

        /// <summary>A name may hold half of a pair of surrogates, which System.Text.Json does not read.</summary>
        public static string Text(JsonElement value)
        {
            try { return value.GetString(); }
            catch (InvalidOperationException)
            {
                var raw = value.GetRawText();
                return Unescaped.Replace(raw.Substring(1, raw.Length - 2), one =>
                    one.Groups[1].Success ? ((char)Convert.ToInt32(one.Groups[1].Value, 16)).ToString()
                        : one.Value[1] is var c && "bfnrt".IndexOf(c) is var at && at >= 0 ? "\b\f\n\r\t"[at].ToString() : c.ToString());
            }
        }
        static readonly System.Text.RegularExpressions.Regex Unescaped = new System.Text.RegularExpressions.Regex(@"\\(?:u([0-9a-fA-F]{4})|.)");

        public static T[] Enums<T>(JsonElement list) where T : struct, Enum => list.EnumerateArray().Select(item => Member<T>(item)).ToArray();
        public static T Member<T>(JsonElement item) where T : struct, Enum => (T)Enum.Parse(typeof(T), item.GetString());
        public static string[] Strings(JsonElement list) => list.EnumerateArray().Select(Text).ToArray();
        public static Guid[] Guids(JsonElement list) => list.EnumerateArray().Select(item => item.GetGuid()).ToArray();
        /// <summary>In local time, as Hyper-V and CIM give it.</summary>
        public static DateTime Date(JsonElement value) => DateTime.Parse(value.GetString(), System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.RoundtripKind).ToLocalTime();
        /// <summary>Seconds, or hh:mm:ss.</summary>
        public static TimeSpan Span(JsonElement value) => value.ValueKind == JsonValueKind.Number ? TimeSpan.FromSeconds(value.GetDouble()) : TimeSpan.Parse(value.GetString());
        public static ulong Big(JsonElement value) => value.ValueKind == JsonValueKind.String ? ulong.Parse(value.GetString()) : value.GetUInt64();

        /// <summary>By its full name: of .NET, of PowerShell (some have no public constructor), of CIM.</summary>
        static Exception Make(string name, string message)
        {
            if (name is null) return new VirtualizationException(message);
            foreach (var of in new[] { typeof(object), typeof(System.ComponentModel.Win32Exception), typeof(PSObject), typeof(Microsoft.Management.Infrastructure.CimException), typeof(Wire) })
                if (of.Assembly.GetType(name) is Type type)
                    return (Exception)Activator.CreateInstance(type, System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance, null, new object[] { message }, null);
            return new VirtualizationException(message);
        }

        static readonly System.Reflection.FieldInfo whole = typeof(ErrorRecord).GetField("_serializedFullyQualifiedErrorId", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance);

        /// <summary>PowerShell ends an id in the name of the class or function that wrote it, unless the record came from elsewhere.</summary>
        public static ErrorRecord WithId(ErrorRecord record, string id)
        {
            whole.SetValue(record, id);
            return record;
        }

        public static ErrorRecord Error(JsonElement error)
        {
            var message = Text(error.GetProperty("message"));
            var name = error.TryGetProperty("exception", out var type) ? type.GetString() : null;
            var exception = Make(name, message);
            if (error.TryGetProperty("hresult", out var code))
                typeof(Exception).GetProperty("HResult").SetValue(exception, unchecked((int)code.GetInt64()));
            var target = Text(error.GetProperty("target"));
            var id = error.GetProperty("id").GetString();
            var record = new ErrorRecord(exception, id, (ErrorCategory)Enum.Parse(typeof(ErrorCategory), error.GetProperty("category").GetString()), target);
            return id.Contains(",") || id.StartsWith("PSSession") || id.StartsWith("Microsoft.") || exception is CommandNotFoundException ? WithId(record, id) : record;
        }

        /// <summary>null: an ordinary value. Otherwise what its getter throws.</summary>
        public static ErrorRecord Thrown(JsonElement value) =>
            value.ValueKind == JsonValueKind.Object && value.TryGetProperty("$throws", out var error) ? Error(error) : null;
    }

    /// <summary>Where a runspace is: this PC, or a guest that a session leads into.</summary>
    public sealed class Place
    {
        public string Machine = "", Session;
        /// <summary>How many have been asked for in this shell.</summary>
        internal static volatile int Changes;

        public static Place Of(PSCmdlet cmdlet) => new Place
        {
            Machine = cmdlet.GetVariableValue("HypernestMachine") as string ?? "",
            Session = cmdlet.GetVariableValue("HypernestSession") as string,
        };

        public JsonDocument Ask(string cmdlet, IEnumerable<KeyValuePair<string, object>> parameters, bool live = false)
        {
            var buffer = new MemoryStream();
            using (var json = new Utf8JsonWriter(buffer))
            {
                json.WriteStartObject();
                json.WriteString("machine", Machine);
                json.WriteBoolean("elevated", Environment.GetEnvironmentVariable("HYPERNEST_ELEVATED") == "1");
                if (Session != null) json.WriteString("session", Session);
                if (live) json.WriteBoolean("live", true);
                json.WriteString("cmdlet", cmdlet);
                json.WriteStartObject("parameters");
                foreach (var parameter in parameters)
                {
                    json.WritePropertyName(parameter.Key);
                    Wire.Write(json, parameter.Value);
                }
                json.WriteEndObject();
                json.WriteEndObject();
            }
            return JsonDocument.Parse(Wire.Exchange(Encoding.UTF8.GetString(buffer.ToArray())));
        }
    }

    public abstract class SimulatedCmdlet : PSCmdlet
    {
        protected override void ProcessRecord() => Run(this, false);

        /// <summary>Also for what is a function on Windows: its errors end in its name then. `confirmed`: PowerShell has asked where it had to.
        /// `isWhatIf`: what -WhatIf would say is not known of each, so the simulator refuses it.</summary>
        public static void Run(PSCmdlet cmdlet, bool confirmed, bool isWhatIf = false)
        {
            ModuleLog.Write(cmdlet);
            var given = cmdlet.MyInvocation.BoundParameters
                .Where(one => !(CommonParameters.Contains(one.Key) || OptionalCommonParameters.Contains(one.Key)))
                .ToDictionary(one => one.Key, one => one.Value);
            if (isWhatIf) given["WhatIf"] = true;
            else if (confirmed) given["Confirm"] = false;
            if (confirmed) Place.Changes++;
            using (var reply = Place.Of(cmdlet).Ask(cmdlet.MyInvocation.MyCommand.Name, given))
            {
                // What only -Force answers (ShouldContinue): asked for as the cmdlet would.
                if (confirmed && cmdlet.MyInvocation.MyCommand.Parameters.ContainsKey("Force") && reply.RootElement.GetProperty("errors").EnumerateArray().Any(IsQuestion))
                {
                    if (!cmdlet.ShouldContinue("Are you sure you want to perform this action?", "Confirm")) return;
                    given["Force"] = true;
                    using (var forced = Place.Of(cmdlet).Ask(cmdlet.MyInvocation.MyCommand.Name, given)) Write(cmdlet, forced.RootElement);
                    return;
                }
                Write(cmdlet, reply.RootElement);
            }
        }

        static bool IsQuestion(JsonElement error) =>
            error.TryGetProperty("exception", out var type) && type.GetString() == typeof(System.Management.Automation.Host.HostException).FullName;

        static void Write(PSCmdlet cmdlet, JsonElement reply)
        {
            foreach (var warning in reply.GetProperty("warnings").EnumerateArray()) cmdlet.WriteWarning(Wire.Text(warning));
            foreach (var error in reply.GetProperty("errors").EnumerateArray()) cmdlet.WriteError(Wire.Error(error));
            var type = reply.TryGetProperty("type", out var name) ? name.GetString() : "PSObject";
            foreach (var row in reply.GetProperty("rows").EnumerateArray())
            {
                var made = Materialise.From(type, row);
                (made as VirtualizationObject)?.CameFrom(Place.Of(cmdlet));
                cmdlet.WriteObject(made);
            }
        }
    }

    public abstract class SimulatedChange : SimulatedCmdlet
    {
        bool IsWhatIf => LanguagePrimitives.IsTrue(MyInvocation.BoundParameters.TryGetValue("WhatIf", out var given) ? given : GetVariableValue("WhatIfPreference"));

        protected override void ProcessRecord() { if (IsWhatIf || ShouldProcess(MyInvocation.MyCommand.Name)) Run(this, true, IsWhatIf); }
    }

    /// <summary>Who runs this shell in the simulated world: what identity.ps1 asks Windows.</summary>
    [Cmdlet("Get", "SimulatedIdentity")]
    public class GetSimulatedIdentity : SimulatedCmdlet { }

    /// <summary>Rows that have no class of their own: CIM instances, the identity.</summary>
    public static class Loose
    {
        const string Cim = "Microsoft.Management.Infrastructure.CimInstance#root/standardcimv2/";

        /// <summary>The CIM class of an object that another cmdlet takes; null: it is none.</summary>
        public static string ClassOf(PSObject value) => value.TypeNames.FirstOrDefault()?.StartsWith(Cim) == true ? value.TypeNames[0].Substring(Cim.Length) : null;

        public static PSObject From(string type, JsonElement row)
        {
            var made = new PSObject();
            if (type.StartsWith("MSFT_")) made.TypeNames.Insert(0, Cim + type);
            foreach (var property in row.EnumerateObject())
            {
                var value = Value(property.Name, property.Value);
                if (value is long && Materialise.CimNumbers.TryGetValue($"{type}.{property.Name}", out var number)) value = Convert.ChangeType(value, number);
                made.Properties.Add(new PSNoteProperty(property.Name, value));
            }
            return made;
        }

        static object Value(string name, JsonElement value)
        {
            switch (value.ValueKind)
            {
                case JsonValueKind.Null: return null;
                case JsonValueKind.True: return true;
                case JsonValueKind.False: return false;
                case JsonValueKind.Number: return value.TryGetInt64(out var number) ? (object)number : value.GetDouble();
                case JsonValueKind.Array: return Wire.Strings(value);
                case JsonValueKind.String: return Materialise.CimDates.Contains(name) ? (object)Wire.Date(value) : Wire.Text(value);
                default: return value.ToString();
            }
        }
    }
}
