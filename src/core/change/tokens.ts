/** A call as tokens of PowerShell: each for the eye, and together a line that runs. */
import { partOf, type Guid, type HostCall, type Target } from '../cmdlets/call.js';
import { cmdlets, type CatalogEntry } from '../cmdlets/catalog.js';
import { UNKNOWN } from '../network/thing-row.js';

/**
 * `id`: a GUID or adapter id inside quotes: shortened for the eye only. `made`: of a thing that a run is to make first; no
 * machine has what stands for it, so a script that is run before its time stops there.
 */
export interface ScriptToken {
  readonly kind: 'cmdlet' | 'parameter' | 'string' | 'id' | 'made' | 'variable' | 'number' | 'plain';
  readonly text: string;
}
export type ScriptLine = readonly ScriptToken[];

export const plain = (text: string): ScriptToken => ({ kind: 'plain', text });
export const pipe = plain(' | ');
export const cmdlet = (text: string): ScriptToken => ({ kind: 'cmdlet', text });

/**
 * A string literal. PowerShell takes five characters for a single quote (U+0027, U+2018–201B): each is doubled. A text with
 * control characters is spelt out, so that no line end or escape reaches the terminal; so is one that turns the direction of
 * reading, which would show another line than is run, and one with half a character, which a file cannot hold.
 */
export function quote(text: string): string {
  if (/[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u.test(text)) {
    const codes = Array.from({ length: text.length }, (_, index) => String(text.charCodeAt(index)));
    return `([string]::new([char[]](${codes.join(',')})))`;
  }
  return `'${text.replace(/['\u2018-\u201b]/g, '$&$&')}'`;
}

const idToken = (id: string): ScriptToken => ({ kind: id === UNKNOWN ? 'made' : 'id', text: quote(id) });

const guid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;

function valueToken(value: unknown): ScriptToken {
  if (typeof value === 'boolean') return { kind: 'variable', text: value ? '$true' : '$false' };
  if (typeof value === 'number') return { kind: 'number', text: String(value) };
  const text = String(value);
  if (guid.test(text)) return { kind: 'id', text: quote(text) };
  // Enum members and the like are plain words; everything else is quoted.
  return /^[A-Za-z]\w*$/.test(text) ? plain(text) : { kind: 'string', text: quote(text) };
}

/** No adapter has the index 0: it stands for that of one that comes with a switch to be made. */
const tokenOf = (name: string, value: unknown): ScriptToken =>
  name === 'InterfaceIndex' && value === 0 ? { kind: 'made', text: '0' } : valueToken(value);

const digits = /^\d+$/;

function parameterTokens(entry: CatalogEntry, name: string, value: unknown): readonly ScriptToken[] {
  const isSwitch =
    entry.params[name] === 'SwitchParameter' ||
    (entry.fixed !== undefined && name in entry.fixed && !(name in entry.params));
  if (isSwitch && typeof value === 'boolean')
    // A switch takes its value with a colon; -Confirm:$false must be said, a true one need not.
    return value
      ? [{ kind: 'parameter', text: ` -${name}` }]
      : [
          { kind: 'parameter', text: ` -${name}:` },
          { kind: 'variable', text: '$false' },
        ];
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  // Carried as text, and a number all the same.
  if (entry.params[name] === 'UInt64' && typeof value === 'string' && digits.test(value))
    return [
      { kind: 'parameter', text: ` -${name} ` },
      { kind: 'number', text: value },
    ];
  return [
    { kind: 'parameter', text: ` -${name} ` },
    ...values.flatMap((one, index) => [...(index > 0 ? [plain(', ')] : []), tokenOf(name, one)]),
  ];
}

function commandTokens(call: HostCall): readonly ScriptToken[] {
  const entry: CatalogEntry = cmdlets[call.cmdlet];
  const all: Readonly<Record<string, unknown>> = { ...entry.fixed, ...call.params };
  const given = Object.entries(all).filter(([, value]) => value !== undefined);
  return [
    cmdlet(entry.cmdlet ?? call.cmdlet),
    ...given.flatMap(([name, value]) => parameterTokens(entry, name, value)),
  ];
}

function whereTokens(property: string, equals: ScriptToken): readonly ScriptToken[] {
  return [cmdlet('Where-Object'), plain(` ${property} `), { kind: 'parameter', text: '-eq ' }, equals, pipe];
}

const findTokens = (command: string, parameter: string, value: ScriptToken): readonly ScriptToken[] => [
  cmdlet(command),
  { kind: 'parameter', text: ` -${parameter} ` },
  value,
  pipe,
];

const madeVm: ScriptToken = { kind: 'variable', text: '$vm' };
/** A VM by its id, and a pipe behind it; one that the script makes first is in a variable. */
export const vmTokens = (id: Guid): readonly ScriptToken[] =>
  id === UNKNOWN ? [madeVm, pipe] : findTokens('Get-VM', 'Id', { kind: 'id', text: quote(id) });

/** What finds that which the call takes, and a pipe behind it. */
export function targetTokens(on: Target | undefined): readonly ScriptToken[] {
  if (!on || 'call' in on) return [];
  if ('nat' in on) return [cmdlet('Get-NetNat'), pipe, ...whereTokens('InstanceID', idToken(on.nat))];
  if ('mapping' in on)
    return [cmdlet('Get-NetNatStaticMapping'), pipe, ...whereTokens('StaticMappingID', idToken(on.mapping))];
  if ('switch' in on) return findTokens('Get-VMSwitch', 'Id', idToken(on.switch));
  if ('disk' in on)
    return [
      ...findTokens('Get-VHD', 'Path', { kind: 'string', text: quote(on.disk.path) }),
      ...whereTokens('DiskIdentifier', idToken(on.disk.id)),
      ...whereTokens('Attached', valueToken(false)),
    ];
  const vm = vmTokens(on.vm);
  if ('dvd' in on) return [...vm, cmdlet('Get-VMDvdDrive'), pipe];
  const one = partOf(on);
  return one ? [...vm, cmdlet(one.from), pipe, ...whereTokens('Id', idToken(one.id))] : vm;
}

/** `Get-VM -Id '…' | Set-VMProcessor -ExposeVirtualizationExtensions $true`: found by its id, through the pipeline. */
export function renderCall(call: HostCall): ScriptLine {
  const { takes, after }: CatalogEntry = cmdlets[call.cmdlet];
  const { on } = call;
  const found = targetTokens(on);
  const kept = call.cmdlet === 'New-VM' ? [madeVm, plain(' = ')] : [];
  if (!after || !on) return [...kept, ...found, ...commandTokens(call)];
  const taken: ScriptToken = { kind: 'parameter', text: ` -${takes ?? ''} ` };
  if (after.property !== undefined) return [...found, ...commandTokens(call), taken, plain(`{ $_.${after.property} }`)];
  const vm = 'vm' in on ? targetTokens({ vm: on.vm }) : [];
  return [...vm, ...commandTokens(call), taken, plain('('), ...found.slice(0, -1), plain(')')];
}

const elevatedNames: ReadonlySet<string> = new Set(
  Object.entries<CatalogEntry>(cmdlets).flatMap(([key, { cmdlet: name = key, elevated }]) => (elevated ? [name] : [])),
);
/** On a PC Windows asks an administrator for it. */
export const needsAdministrator = (line: ScriptLine): boolean =>
  line.some(({ kind, text }) => kind === 'cmdlet' && elevatedNames.has(text));

export const lineText = (line: ScriptLine): string => line.map(({ text }) => text).join('');
