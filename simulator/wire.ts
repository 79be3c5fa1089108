/** What travels between the simulated PowerShell modules and the simulator: a line of JSON each way, strictly in turn. */

export interface WireRequest {
  /** The machine's path, joined by '/': '' this PC, '<l1>', '<l1>/<l2>'. */
  readonly machine: string;
  /** Who calls: an elevated shell says so; the rest is the scenario's. */
  readonly elevated: boolean;
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
