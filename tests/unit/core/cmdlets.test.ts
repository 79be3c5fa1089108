import { describe, expect, it } from 'vitest';
import cimFacts from '../../../simulator/facts/cim.json' with { type: 'json' };
import cmdletFacts from '../../../simulator/facts/cmdlets.json' with { type: 'json' };
import objectFacts from '../../../simulator/facts/objects.json' with { type: 'json' };
import { allowList, modulesOf } from '../../../src/core/allow-list.js';
import { cmdlets, enums, type CatalogEntry } from '../../../src/core/cmdlets.js';

interface ParameterFact {
  readonly type: string;
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
const enumFacts = objectFacts.enums as unknown as Readonly<
  Record<string, { readonly members?: Readonly<Record<string, number>> }>
>;

const catalog = Object.entries(cmdlets) as [string, CatalogEntry][];
const cmdletOf = (name: string, entry: CatalogEntry): string => entry.cmdlet ?? name;
const bare = (type: string): string => type.replace(/\?$/, '');
/** What PowerShell turns into the same value: a list that is only read, an object that writes itself as its name. */
const same: Readonly<Record<string, readonly string[]>> = {
  'String[]': ['IReadOnlyList<String>', 'List<String>'],
  String: ['VMOperationalStatus'],
};

describe.each(catalog)('%s', (name, entry) => {
  const cmdlet = cmdletOf(name, entry);
  const fact = known[cmdlet];
  const takesAll = [
    ...Object.keys(entry.params),
    ...Object.keys(entry.fixed ?? {}),
    ...(entry.takes ? [entry.takes] : []),
  ];

  it(`${cmdlet} is in module ${entry.module}`, () => expect(fact?.module).toBe(entry.module));

  it('has every parameter, of that type', () => {
    for (const [parameter, type] of Object.entries(entry.params)) {
      const real = fact?.parameters[parameter];
      expect(real, `${cmdlet} -${parameter}`).toBeDefined();
      expect(real?.type.replace(/\[\]$/, ''), `${cmdlet} -${parameter}`).toBe(bare(type));
    }
    for (const [parameter, value] of Object.entries(entry.fixed ?? {})) {
      const real = fact?.parameters[parameter];
      expect(real?.type, `${cmdlet} -${parameter}`).toBe(typeof value === 'boolean' ? 'SwitchParameter' : 'String');
    }
    if (entry.takes) expect(fact?.parameters[entry.takes], `${cmdlet} -${entry.takes}`).toBeDefined();
  });

  it('can be called so: one parameter set has all of them, and asks for nothing else', () => {
    const fitting = Object.entries(fact?.parameterSets ?? {}).filter(
      ([, { req, opt }]) =>
        takesAll.every((parameter) => req.includes(parameter) || opt.includes(parameter)) &&
        req.every((parameter) => takesAll.includes(parameter)),
    );
    expect(
      fitting.map(([set]) => set),
      `${cmdlet} ${takesAll.join(' ')}`,
    ).not.toEqual([]);
  });

  it('is called a read or a change as its verb says', () => {
    expect(entry.kind).toBe(cmdlet.startsWith('Get-') ? 'read' : 'change');
    expect(Object.keys(entry.reads).length > 0).toBe(entry.kind === 'read');
  });

  it('reads properties that its objects have, of that type', () => {
    if (entry.kind !== 'read') return;
    const className = entry.fixed?.['ClassName'];
    const object = objects[typeof className === 'string' ? className : cmdlet];
    expect(object, `facts of what ${name} returns`).toBeDefined();
    if (typeof className === 'string')
      expect(object?.cimClass?.toLowerCase()).toBe(`${String(entry.fixed?.['Namespace'])}/${className}`.toLowerCase());
    for (const [property, type] of Object.entries(entry.reads)) {
      const real = { ...object?.properties, ...object?.etsProperties, ...object?.newerProperties }[property];
      expect(real, `${name} ${property}`).toBeDefined();
      const found = bare((real?.type ?? '').split(' ')[0] ?? '');
      expect([bare(type), ...(same[bare(type)] ?? [])], `${name} ${property}: ${String(real?.type)}`).toContain(found);
    }
  });
});

describe('the catalog', () => {
  it.each(Object.entries(enums))('%s has the members of the real enumeration', (name, members) => {
    expect([...members].toSorted()).toEqual(Object.keys(enumFacts[name]?.members ?? {}).toSorted());
  });

  it('lets nothing through that could run something else, reach another computer or ask', () => {
    const list = allowList();
    const parameters = Object.values(list).flatMap((entry) => Object.keys(entry));
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
    expect(Object.keys(list)).not.toContain('Invoke-CimMethod');
    expect(list['Stop-VM']).toEqual({ VM: null, TurnOff: [true], Confirm: [false] });
    // Where a value chooses what is read, only these values.
    const classes = list['Get-CimInstance'];
    for (const parameter of ['ClassName', 'Namespace', 'Filter']) expect(classes?.[parameter]).not.toBeNull();
    expect(modulesOf()).toEqual(['Hyper-V', 'CimCmdlets']);
  });
});
