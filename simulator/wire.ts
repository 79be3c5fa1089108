/**
 * What travels between the simulated PowerShell modules and the simulator: a line of JSON each way, strictly in turn.
 *
 * PowerShell Direct is three cmdlets more, asked on the machine around the VM (through its own session, if it is a guest):
 * - `New-PSSession {VMId, UserName, Password}` → rows `[{Id}]` of type PSSession, or the refusal as Windows gives it.
 * - `Get-PSSession {Id}` → `[{Id, State}]`: Opened, or Broken when the VM has stopped or restarted since, or is gone; and its
 *   `Lie`, if it has one (world.ts).
 * - `Remove-PSSession {Id}` ends it, and the sessions that were opened through it.
 * A call through a session that is not open is refused as `psd-ended`. Get-SimulatedIdentity in a session is its account's.
 */

export interface WireRequest {
  /** The machine's path, joined by '/': '' this PC, '<l1>', '<l1>/<l2>'. */
  readonly machine: string;
  /** Who calls: an elevated shell says so; the rest is the scenario's. */
  readonly elevated: boolean;
  /** The session that a call inside a guest comes through: the Id that New-PSSession gave. Absent on this PC. */
  readonly session?: string;
  /** An object that is read again by itself: no call that anybody made. */
  readonly live?: boolean;
  readonly cmdlet: string;
  /** Objects of Hyper-V types travel as {"$ref": {"type": "VirtualMachine", "id": "…"}}. Enums as their names. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface WireError {
  /** First part of the FullyQualifiedErrorId; the cmdlet class adds the rest. */
  readonly id: string;
  readonly category: string;
  readonly message: string;
  readonly target: string | null;
  /** Full .NET name; default Microsoft.HyperV.PowerShell.VirtualizationException. */
  readonly exception?: string;
  readonly hresult?: number;
}

export interface WireReply {
  /** Simple name of the type of all rows: VirtualMachine, VMProcessor …, CimInstance. */
  readonly type?: string;
  /** Objects by property name. Enums are names, TimeSpan seconds, DateTime ISO 8601 in UTC, Guid lower case, UInt64 a number. A property {"$throws": WireError} has a getter that throws. Absent: null. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly warnings: readonly string[];
  readonly errors: readonly WireError[];
}
