import { describe, expect, it } from 'vitest';
import cimFacts from '../../../simulator/facts/cim.json' with { type: 'json' };
import cmdletFacts from '../../../simulator/facts/cmdlets.json' with { type: 'json' };
import objectFacts from '../../../simulator/facts/objects.json' with { type: 'json' };
import { allowList, modulesOf, outside, outsideElevated } from '../../../src/core/cmdlets/allow-list.js';
import { cmdlets, enums, words, type CatalogEntry, type CmdletName } from '../../../src/core/cmdlets/catalog.js';

interface ParameterFact {
  readonly type: string;
  readonly values?: readonly string[];
  readonly nullable?: boolean;
  readonly sets?: readonly string[] | '*';
}
interface CmdletFact {
  readonly module: string;
  readonly parameterSets: Readonly<
    Record<string, { readonly req: readonly string[]; readonly opt: readonly string[] }>
  >;
  readonly parameters: Readonly<Record<string, ParameterFact>>;
}
interface ObjectFact {
  readonly cimClass?: string;
  readonly properties: Readonly<Record<string, { readonly type: string }>>;
  readonly etsProperties?: Readonly<Record<string, { readonly type: string }>>;
  readonly newerProperties?: Readonly<Record<string, { readonly type: string }>>;
}
const known = cmdletFacts.cmdlets as unknown as Readonly<Record<string, CmdletFact>>;
const objects = { ...objectFacts.objects, ...cimFacts.objects } as unknown as Readonly<Record<string, ObjectFact>>;
// Beside some names stands the namespace, where two have one name.
const enumFacts = Object.fromEntries(
  Object.entries(objectFacts.enums).map(([name, fact]) => [name.split(' ')[0], fact]),
) as unknown as Readonly<Record<string, { readonly members?: Readonly<Record<string, number>> }>>;

const catalog = Object.entries(cmdlets) as [string, CatalogEntry][];
const cmdletOf = (name: string, entry: CatalogEntry): string => entry.cmdlet ?? name;
const bare = (type: string): string => type.replace(/\?$/, '');
/** What PowerShell turns into the same value: a list that is only read, an object that writes itself as its name. */
const same: Readonly<Record<string, readonly string[]>> = {
  'String[]': ['IReadOnlyList<String>', 'List<String>'],
  String: ['VMOperationalStatus'],
};

type Say = (isRight: boolean, what: string) => readonly string[];

/** What of an entry is not as Windows has it; each begins with the name of the entry. */
function mistakesIn(name: string, entry: CatalogEntry): readonly string[] {
  const say: Say = (isRight, what) => (isRight ? [] : [`${name}: ${what}`]);
  const cmdlet = cmdletOf(name, entry);
  const fact = known[cmdlet];
  if (!fact) return say(false, 'no such cmdlet');
  return [
    ...say(fact.module === entry.module, `module ${entry.module}`),
    ...parameterMistakes(entry, fact, say),
    ...setMistakes(entry, fact, say),
    ...say(entry.kind === (/^(?:Get|Test|Resolve)-/.test(cmdlet) ? 'read' : 'change'), `called a ${entry.kind}`),
    // What is made says its id where no other look-up would find it for certain.
    ...say(
      Object.keys(entry.reads).length > 0 === (entry.kind === 'read' || name === 'New-VM'),
      'reads something, as a read does',
    ),
    ...(entry.kind === 'read' ? propertyMistakes(cmdlet, entry, say) : []),
  ];
}

function parameterMistakes(
  { params, fixed = {}, takes, after }: CatalogEntry,
  fact: CmdletFact,
  say: Say,
): readonly string[] {
  const typeOf = (parameter: string): string | undefined => fact.parameters[parameter]?.type;
  return [
    ...Object.entries(params).flatMap(([parameter, type]) => {
      const plain = type in words ? 'String' : bare(type);
      // One value is taken where a list is, and never a list where one value is.
      return say([plain, `${plain}[]`].includes(typeOf(parameter) ?? ''), `-${parameter} ${type}`);
    }),
    ...Object.entries(fixed).flatMap(([parameter, value]) =>
      say(isOfType(fact.parameters[parameter], value), `-${parameter} ${String(value)}`),
    ),
    ...(takes === undefined ? [] : say(fact.parameters[takes] !== undefined, `takes ${takes}`)),
    ...(after?.and === undefined ? [] : say(fact.parameters[after.and] !== undefined, `takes ${after.and}`)),
  ];
}

/** A text may be one of the words of an enumeration. */
function isOfType(fact: ParameterFact | undefined, value: string | boolean | number | readonly string[]): boolean {
  if (typeof value === 'number')
    return /^int(16|32|64)$/i.test(fact?.type ?? '') && (fact?.values?.includes(String(value)) ?? true);
  if (typeof value === 'boolean') return fact?.type === 'SwitchParameter' || fact?.type === 'Boolean';
  if (typeof value !== 'string') return fact?.type === 'String[]';
  return fact?.type.replace('[]', '') === 'String' || (fact?.values?.includes(value) ?? false);
}

/** One parameter set has all of them, and asks for nothing else. */
function setMistakes(
  { params, fixed = {}, takes, after }: CatalogEntry,
  fact: CmdletFact,
  say: Say,
): readonly string[] {
  const all = [
    ...Object.keys(params),
    ...Object.keys(fixed),
    ...[takes, after?.and].filter((one) => one !== undefined),
  ];
  const fits = Object.values(fact.parameterSets).some(
    ({ req, opt }) =>
      all.every((parameter) => req.includes(parameter) || opt.includes(parameter)) &&
      req.every((parameter) => all.includes(parameter)),
  );
  return say(fits, `no parameter set has just ${all.join(' ')}`);
}

function propertyMistakes(cmdlet: string, { fixed = {}, reads }: CatalogEntry, say: Say): readonly string[] {
  const { ClassName, Namespace } = fixed;
  const named = typeof ClassName === 'string' ? ClassName : cmdlet;
  const object = objects[named] ?? Object.values(objects).find(({ cimClass }) => cimClass?.endsWith(`/${named}`));
  if (!object) return say(false, 'no facts of what it returns');
  const path = `${String(Namespace)}/${String(ClassName)}`;
  const properties = { ...object.properties, ...object.etsProperties, ...object.newerProperties };
  return [
    ...(ClassName === undefined ? [] : say(object.cimClass?.toLowerCase() === path.toLowerCase(), path)),
    ...Object.entries(reads).flatMap(([property, type]) => {
      const found = bare(properties[property]?.type.split(' ')[0] ?? '');
      return say([bare(type), ...(same[bare(type)] ?? [])].includes(found), `${property} ${type}, not ${found}`);
    }),
  ];
}

it.each(catalog)('%s is as Windows has it', (name, entry) => expect(mistakesIn(name, entry)).toEqual([]));

describe('a mistake in the catalog is found, with the name of its cmdlet:', () => {
  const changed = (name: CmdletName, but: Partial<CatalogEntry>): readonly string[] =>
    mistakesIn(name, { ...cmdlets[name], ...but });
  it.each<[string, CmdletName, Partial<CatalogEntry>]>([
    ['another module', 'Get-VM', { module: 'CimCmdlets' }],
    ['no such cmdlet', 'Get-VM', { cmdlet: 'Get-VirtualMachine' }],
    ['no such parameter', 'Set-VM', { params: { StopAction: 'StopAction' } }],
    ['another type of a parameter', 'Set-VMMemory', { params: { StartupBytes: 'String' } }],
    ['a list where one value is taken', 'New-NetNat', { params: { Name: 'String[]' } }],
    ['no such switch', 'Stop-VM', { fixed: { Quietly: true } }],
    ['a value for what is a switch', 'Stop-VM', { fixed: { Confirm: 'no' } }],
    ['takes what it cannot', 'Set-VMNetworkAdapter', { takes: 'Adapter' }],
    ['parameters of two sets', 'Get-VM', { params: { Id: 'Guid', Name: 'String' } }],
    ['what it asks for is left out', 'Get-CimInstance/Win32_Processor', { fixed: {} }],
    ['a change called a read', 'Start-VM', { kind: 'read', reads: { Id: 'Guid' } }],
    ['no such property', 'Get-VMProcessor', { reads: { Nested: 'Boolean' } }],
    ['another type of a property', 'Get-VM', { reads: { MemoryStartup: 'String' } }],
    ['another namespace', 'Get-CimInstance/Msvm_ComputerSystem', { fixed: { ClassName: 'Msvm_ComputerSystem', Namespace: 'root/cimv2' } }], // prettier-ignore
  ])('%s', (_, name, but) => {
    const found = changed(name, but);
    expect(found).not.toEqual([]);
    for (const mistake of found) expect(mistake.startsWith(`${name}: `)).toBe(true);
  });
});

describe('the catalog', () => {
  it.each(Object.entries(enums))('%s has the members of the real enumeration', (name, members) => {
    expect([...members].toSorted()).toEqual(Object.keys(enumFacts[name]?.members ?? {}).toSorted());
  });

  it('lets nothing through that could run something else, reach another computer or ask', () => {
    const list = allowList();
    // Whom a network test asks is its matter; and removing a switch or a VM, found by its id, asks a person unless it is forced.
    const forced = ['Remove-VMSwitch', 'Remove-VM'];
    const parameters = Object.entries(list).flatMap(([cmdlet, entry]) =>
      Object.keys(entry).filter(
        (name) =>
          !(name === 'ComputerName' && cmdlet === 'Test-NetConnection') &&
          !(name === 'Force' && forced.includes(cmdlet)),
      ),
    );
    for (const banned of [
      'CimSession',
      'ComputerName',
      'Credential',
      'Source',
      'Force',
      'Query',
      'AsJob',
      'MethodName',
    ])
      expect(parameters).not.toContain(banned);
    expect(list['Enable-WindowsOptionalFeature']?.['FeatureName']).not.toBeNull();
    expect(list['New-VMSwitch']?.['AllowManagementOS']).toEqual([true]);
    expect(Object.keys(list)).not.toContain('Invoke-CimMethod');
    expect(list['Stop-VM']).toEqual({ VM: null, TurnOff: [true], Confirm: [false] });
    // No path can be sent to what deletes: only that of a disk that was looked up and compared just before.
    expect(list['Remove-Item']).toEqual({
      LiteralPath: { stages: 'Get-VHD DiskIdentifier Attached=False', property: 'Path' },
    });
    expect(list['Remove-VM']).toEqual({ VM: null, Force: [true] });
    expect(list['Set-VMFirmware']).toEqual({
      VM: null,
      EnableSecureBoot: null,
      SecureBootTemplate: ['MicrosoftWindows', 'MicrosoftUEFICertificateAuthority'],
      FirstBootDevice: { stages: 'Get-VM Get-VMDvdDrive', and: 'VM' },
    });
    expect(list['New-VM']?.['Generation']).toEqual([2]);
    // Where a value chooses what is read, only these values.
    const classes = list['Get-CimInstance'];
    for (const parameter of ['ClassName', 'Namespace', 'Filter']) expect(classes?.[parameter]).not.toBeNull();
    expect(modulesOf()).toEqual(['Hyper-V', 'CimCmdlets']);
  });

  it('lets an elevated shell do, beside what any shell may, what an address that stays needs, and no more', () => {
    const plain = allowList(outside);
    const elevated = Object.entries(allowList(outsideElevated));
    expect(Object.fromEntries(elevated.filter(([cmdlet]) => !(cmdlet in plain)))).toEqual({
      'New-NetNat': { Name: null, InternalIPInterfaceAddressPrefix: null },
      'Remove-NetNat': { InputObject: null, Confirm: [false] },
      'Get-NetNat': {},
      'New-NetIPAddress': { InterfaceAlias: null, IPAddress: null, PrefixLength: null, AddressFamily: ['IPv4'] },
      'Remove-NetIPAddress': { InterfaceIndex: null, IPAddress: null, Confirm: [false] },
    });
    expect(Object.fromEntries(elevated.filter(([cmdlet]) => cmdlet in plain))).toEqual(plain);
  });
});
