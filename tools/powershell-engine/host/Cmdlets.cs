using System.Collections;
using System.Management.Automation;
using System.Numerics;
using Newtonsoft.Json;

namespace Hypernest.Engine;

/// <summary>What the engine itself lacks of Microsoft.PowerShell.Utility, as far as the bridge and its tests need it.</summary>
static class Cmdlets
{
    public static readonly (string, Type)[] All =
    [
        ("Write-Output", typeof(WriteOutput)), ("Write-Error", typeof(WriteErrorCmdlet)), ("Write-Warning", typeof(WriteWarningCmdlet)),
        ("Write-Verbose", typeof(WriteVerboseCmdlet)), ("Write-Host", typeof(WriteHost)), ("Select-Object", typeof(SelectObject)),
        ("ConvertTo-Json", typeof(ConvertToJson)), ("ConvertFrom-Json", typeof(ConvertFromJson)),
        ("Start-Sleep", typeof(StartSleep)), ("Format-List", typeof(FormatList)),
    ];
}

[Cmdlet("Write", "Output")]
public class WriteOutput : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, Mandatory = true)] [AllowNull] [AllowEmptyCollection] public PSObject? InputObject;
    [Parameter] public SwitchParameter NoEnumerate;
    protected override void ProcessRecord() => WriteObject(InputObject, !NoEnumerate);
}

[Cmdlet("Write", "Error", DefaultParameterSetName = "NoException")]
public class WriteErrorCmdlet : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = "NoException", Mandatory = true)] [AllowEmptyString] public string Message = "";
    [Parameter(ParameterSetName = "ErrorRecord", Mandatory = true)] public ErrorRecord? ErrorRecord;
    [Parameter(ParameterSetName = "WithException", Mandatory = true)] public Exception? Exception;
    [Parameter] public ErrorCategory Category;
    [Parameter] public string ErrorId = "";
    [Parameter] public object? TargetObject;
    protected override void ProcessRecord()
    {
        var r = ErrorRecord ?? new ErrorRecord(Exception ?? new RuntimeException(Message), ErrorId.Length > 0 ? ErrorId : "Microsoft.PowerShell.Commands.WriteErrorException", Category, TargetObject);
        WriteError(r);
    }
}

[Cmdlet("Write", "Warning")] public class WriteWarningCmdlet : PSCmdlet { [Parameter(Position = 0, ValueFromPipeline = true, Mandatory = true)] [AllowEmptyString] public string Message = ""; protected override void ProcessRecord() => WriteWarning(Message); }
[Cmdlet("Write", "Verbose")] public class WriteVerboseCmdlet : PSCmdlet { [Parameter(Position = 0, ValueFromPipeline = true, Mandatory = true)] [AllowEmptyString] public string Message = ""; protected override void ProcessRecord() => WriteVerbose(Message); }

[Cmdlet("Write", "Host")]
public class WriteHost : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromRemainingArguments = true)] public object? Object;
    [Parameter] public SwitchParameter NoNewline;
    protected override void ProcessRecord()
    {
        var text = Object is IEnumerable e and not string ? string.Join(' ', e.Cast<object>()) : Object?.ToString() ?? "";
        WriteInformation(new HostInformationMessage { Message = text, NoNewLine = NoNewline }, ["PSHOST"]);
    }
}

[Cmdlet("Select", "Object")]
public class SelectObject : PSCmdlet
{
    [Parameter(ValueFromPipeline = true)] public PSObject? InputObject;
    [Parameter(Position = 0)] public string[]? Property;
    [Parameter] public string? ExpandProperty;
    [Parameter] public int First = -1;
    [Parameter] public SwitchParameter Unique;
    int count;
    readonly HashSet<string> seen = [];
    protected override void ProcessRecord()
    {
        if (InputObject is null || (Unique && !seen.Add(InputObject.ToString())) || (First >= 0 && count++ >= First)) return;
        if (ExpandProperty is not null) { WriteObject(InputObject.Properties[ExpandProperty]?.Value, true); return; }
        if (Property is null) { WriteObject(InputObject); return; }
        var o = new PSObject();
        foreach (var p in Property)
        {
            var matches = WildcardPattern.ContainsWildcardCharacters(p) ? InputObject.Properties.Match(p).Select(m => (m.Name, m.Value)) : [(Name: p, Value: InputObject.Properties[p]?.Value!)];
            foreach (var (n, v) in matches) if (o.Properties[n] is null) o.Properties.Add(new PSNoteProperty(n, v));
        }
        WriteObject(o);
    }
}

[Cmdlet("Format", "List")]
public class FormatList : PSCmdlet
{
    [Parameter(ValueFromPipeline = true)] public PSObject? InputObject;
    protected override void ProcessRecord()
    {
        if (InputObject is null) return;
        foreach (var p in InputObject.Properties) WriteObject($"{p.Name} : {LanguagePrimitives.ConvertTo<string>(p.Value)}");
        WriteObject("");
    }
}

[Cmdlet("ConvertTo", "Json")]
public class ConvertToJson : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, Mandatory = true)] [AllowNull] public object? InputObject;
    [Parameter] public int Depth = 2;
    [Parameter] public SwitchParameter Compress;
    readonly List<object?> items = [];
    protected override void ProcessRecord() => items.Add(InputObject);
    protected override void EndProcessing()
    {
        var text = new StringWriter();
        using var w = new JsonTextWriter(text) { Formatting = Compress ? Formatting.None : Formatting.Indented };
        Write(w, items.Count == 1 ? items[0] : items, 0);
        w.Flush();
        WriteObject(text.ToString());
    }
    void Write(JsonTextWriter w, object? v, int depth)
    {
        var ps = v as PSObject;
        if (ps is not null && ps.BaseObject is not PSCustomObject) v = ps.BaseObject;
        switch (v)
        {
            case null: w.WriteNull(); return;
            case string s: w.WriteValue(s); return;
            case bool b: w.WriteValue(b); return;
            case Enum e: w.WriteValue(Convert.ToInt64(e)); return;
            case double or float or decimal or long or int or short or byte or sbyte or uint or ulong or ushort: w.WriteValue(v); return;
            case BigInteger b: w.WriteRawValue(b.ToString()); return;
            case DateTime d: w.WriteValue(d); return;
            case Guid g: w.WriteValue(g.ToString()); return;
            case char c: w.WriteValue(c.ToString()); return;
        }
        if (depth > Depth) { w.WriteValue(v.ToString()); return; }
        if (v is IDictionary d2)
        {
            w.WriteStartObject();
            foreach (DictionaryEntry e in d2) { w.WritePropertyName(e.Key.ToString()!); Write(w, e.Value, depth + 1); }
            w.WriteEndObject();
        }
        else if (v is IEnumerable list)
        {
            w.WriteStartArray();
            foreach (var i in list) Write(w, i, depth + 1);
            w.WriteEndArray();
        }
        else
        {
            w.WriteStartObject();
            foreach (var p in (ps ?? PSObject.AsPSObject(v)).Properties) { w.WritePropertyName(p.Name); object? value; try { value = p.Value; } catch { value = null; } Write(w, value, depth + 1); }
            w.WriteEndObject();
        }
    }
}

[Cmdlet("ConvertFrom", "Json")]
public class ConvertFromJson : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, Mandatory = true)] public string InputObject = "";
    protected override void ProcessRecord()
    {
        using var r = new JsonTextReader(new StringReader(InputObject)) { DateParseHandling = DateParseHandling.None };
        r.Read();
        WriteObject(Read(r), false); // an array as one object, as Windows PowerShell 5.1: what trips there trips here
    }
    static object? Read(JsonTextReader r)
    {
        switch (r.TokenType)
        {
            case JsonToken.StartObject:
                var o = new PSObject();
                while (r.Read() && r.TokenType != JsonToken.EndObject) { var n = (string)r.Value!; r.Read(); o.Properties.Add(new PSNoteProperty(n, Read(r)), true); }
                return o;
            case JsonToken.StartArray:
                var l = new List<object?>();
                while (r.Read() && r.TokenType != JsonToken.EndArray) l.Add(Read(r));
                return l.ToArray();
            default: return r.Value;
        }
    }
}

[Cmdlet("Start", "Sleep", DefaultParameterSetName = "s")]
public class StartSleep : PSCmdlet
{
    [Parameter(Position = 0, ParameterSetName = "s", Mandatory = true)] public double Seconds;
    [Parameter(ParameterSetName = "ms", Mandatory = true)] public int Milliseconds;
    readonly ManualResetEventSlim stop = new();
    protected override void ProcessRecord() => stop.Wait(ParameterSetName == "s" ? (int)(Seconds * 1000) : Milliseconds);
    protected override void StopProcessing() => stop.Set();
}
