using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Collections.ObjectModel;
using System.Security;

namespace Hypernest.Engine;

sealed class ConsoleHost : PSHost
{
    public int? ExitCode; public bool Failed;
    public override string Name => "ConsoleHost";
    public override Version Version => new(7, 6, 9);
    public override Guid InstanceId { get; } = Guid.NewGuid();
    public override PSHostUserInterface UI { get; } = new ConsoleUI();
    public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;
    public override CultureInfo CurrentUICulture => CultureInfo.InvariantCulture;
    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;
    public override void EnterNestedPrompt() => throw new NotSupportedException();
    public override void ExitNestedPrompt() => throw new NotSupportedException();
    public override void NotifyBeginApplication() { }
    public override void NotifyEndApplication() { }
}

sealed class ConsoleUI : PSHostUserInterface
{
    public override PSHostRawUserInterface RawUI { get; } = new Raw();
    static string Plain(string s) => new System.Management.Automation.Internal.StringDecorated(s).ToString(OutputRendering.PlainText);
    public override void Write(string value) => Console.Out.Write(Plain(value));
    public override void Write(ConsoleColor f, ConsoleColor b, string value) => Console.Out.Write(value);
    public override void WriteLine(string value) => Console.Out.WriteLine(Plain(value));
    public override void WriteErrorLine(string value) => Console.Error.WriteLine(Plain(value));
    public override void WriteWarningLine(string message) => Console.Out.WriteLine("WARNING: " + message);
    public override void WriteVerboseLine(string message) => Console.Out.WriteLine("VERBOSE: " + message);
    public override void WriteDebugLine(string message) => Console.Out.WriteLine("DEBUG: " + message);
    public override void WriteProgress(long sourceId, ProgressRecord record) { }
    public override string ReadLine() => Console.In.ReadLine() ?? "";
    static Exception NonInteractive() => new PSInvalidOperationException("The shell is in non-interactive mode: read and prompt functionality is not available.");
    public override SecureString ReadLineAsSecureString() => throw NonInteractive();
    public override Dictionary<string, PSObject> Prompt(string c, string m, Collection<FieldDescription> d) => throw NonInteractive();
    public override int PromptForChoice(string c, string m, Collection<ChoiceDescription> ch, int d) => throw NonInteractive();
    public override PSCredential PromptForCredential(string c, string m, string u, string t) => throw NonInteractive();
    public override PSCredential PromptForCredential(string c, string m, string u, string t, PSCredentialTypes a, PSCredentialUIOptions o) => throw NonInteractive();
}

sealed class Raw : PSHostRawUserInterface
{
    public override ConsoleColor BackgroundColor { get; set; }
    public override ConsoleColor ForegroundColor { get; set; }
    public override Size BufferSize { get; set; } = new(120, 50);
    public override Coordinates CursorPosition { get; set; }
    public override int CursorSize { get; set; }
    public override bool KeyAvailable => false;
    public override Size MaxPhysicalWindowSize => new(120, 50);
    public override Size MaxWindowSize => new(120, 50);
    public override Coordinates WindowPosition { get; set; }
    public override Size WindowSize { get; set; } = new(120, 50);
    public override string WindowTitle { get; set; } = "";
    public override void FlushInputBuffer() { }
    public override BufferCell[,] GetBufferContents(Rectangle r) => throw new NotSupportedException();
    public override KeyInfo ReadKey(ReadKeyOptions o) => throw new NotSupportedException();
    public override void ScrollBufferContents(Rectangle s, Coordinates d, Rectangle c, BufferCell f) { }
    public override void SetBufferContents(Coordinates o, BufferCell[,] c) { }
    public override void SetBufferContents(Rectangle r, BufferCell f) { }
}
