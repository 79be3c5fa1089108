// C# cmdlet classes with the real names, parameter sets, types and enumerations, from the catalog and the facts; and script
// modules where the real ones are functions (CDXML), whose errors end in the name of the function.
// node generate.mjs OUT_FOLDER      Prints what there is, a line each: "<module> cmdlet|function|alias <name>".
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const root = path.resolve(import.meta.dirname, '..', '..', '..');
const { cmdlets: catalog } = await import(pathToFileURL(path.join(root, 'src', 'core', 'cmdlets', 'catalog.ts')).href);
const facts = path.join(root, 'simulator', 'facts');
const read = (name) => JSON.parse(fs.readFileSync(path.join(facts, name), 'utf8'));
const { cmdlets, enums: used, prompts, moduleAliases } = read('cmdlets.json');
const { objects, enums: ofObjects } = read('objects.json');
const { objects: ofCim } = read('cim.json');
const enums = { ...used };
for (const [name, one] of Object.entries(ofObjects)) enums[name] = one.members ?? one;

const isName = (text) => /^[A-Za-z_]\w*$/.test(text);
const isEnum = (type) =>
  isName(type) && type in enums && Object.entries(enums[type]).every(([member, value]) => isName(member) && typeof value === 'number');
const plain = {
  String: 'string', Guid: 'Guid', Int16: 'short', Int32: 'int', Int64: 'long', UInt16: 'ushort', UInt32: 'uint', UInt64: 'ulong',
  Byte: 'byte', Boolean: 'bool', DateTime: 'DateTime', TimeSpan: 'TimeSpan', SwitchParameter: 'SwitchParameter',
  PSCredential: 'PSCredential', Object: 'object', PSObject: 'PSObject', Version: 'System.Version',
}; // prettier-ignore
const references = new Set(['String', 'PSCredential', 'Object', 'PSObject', 'Version']);
const classes = new Set(['DvdDrive', 'HardDiskDrive', 'VirtualHardDisk', 'VMFirmware', 'VMSecurity', 'VirtualMachine', 'VMProcessor', 'VMMemory', 'VMNetworkAdapter', 'VMSnapshot', 'VMIntegrationComponent', 'VMHost', 'VMSwitch']);
const classOf = Object.fromEntries(
  Object.entries({ ...objects, ...ofCim }).flatMap(([cmdlet, { clrType }]) =>
    /^Microsoft\.(HyperV|Vhd)\.PowerShell\./.test(clrType) ? [[clrType.split('.').at(-1), cmdlet]] : [],
  ),
);
const parents = { VirtualMachine: 'VirtualMachineBase', VMSnapshot: 'VirtualMachineBase', VMNetworkAdapter: 'VMNetworkAdapterBase', DvdDrive: 'VMComponentObject', HardDiskDrive: 'VMComponentObject' };
for (const parent of Object.values(parents)) classes.add(parent);

function parameterType({ type, nullable }) {
  const base = type.replace(/\[\]$/, '');
  const array = type.endsWith('[]') ? '[]' : '';
  const mark = nullable && !array ? '?' : '';
  if (base in plain) return plain[base] + (references.has(base) || base === 'SwitchParameter' ? '' : mark) + array;
  if (isEnum(base)) return base + mark + array;
  if (/^(VM|Virtual)\w*$/.test(base)) {
    classes.add(base);
    return base + array;
  }
  return `object${array}`;
}

function attributes(cmdlet, name, parameter) {
  const sets = !parameter.sets || parameter.sets === '*' ? ['*'] : parameter.sets;
  return sets.map((set) => {
    const { position, pipeline = '', required } = parameter;
    const place = position && typeof position === 'object' ? position[set] : position;
    const parts = [
      set === '*' ? '' : `ParameterSetName = "${set}"`,
      required === true || (required === 'some' && cmdlet.parameterSets[set]?.req?.includes(name)) ? 'Mandatory = true' : '',
      typeof place === 'number' ? `Position = ${place}` : '',
      pipeline.includes('ByValue') ? 'ValueFromPipeline = true' : '',
      pipeline.includes('ByPropertyName') ? 'ValueFromPipelineByPropertyName = true' : '',
    ].filter(Boolean);
    return `[Parameter(${parts.join(', ')})]`;
  });
}

/** Of an enumeration sometimes only a part is taken. */
function valuesOf({ type, values }) {
  const members = Object.keys(enums[type.replace(/\[\]$/, '')] ?? {});
  const isPart = values?.every((value) => members.includes(value)) && values.length < members.length;
  return isPart ? [`[ValidateSet(${values.map((value) => `"${value}"`).join(', ')})]`] : [];
}

function cmdletClass(name) {
  const cmdlet = cmdlets[name];
  const [verb, noun] = name.split('-');
  const set = cmdlet.defaultSet in cmdlet.parameterSets ? `, DefaultParameterSetName = "${cmdlet.defaultSet}"` : '';
  const lines = Object.entries(cmdlet.parameters)
    .filter(([parameter]) => !(cmdlet.shouldProcess && ['WhatIf', 'Confirm'].includes(parameter)))
    .flatMap(([parameter, about]) => [
      ...attributes(cmdlet, parameter, about),
      ...(about.aliases?.length ? [`[Alias(${about.aliases.map((alias) => `"${alias}"`).join(', ')})]`] : []),
      ...valuesOf(about),
      `public ${parameterType(about)} ${parameter} { get; set; }`,
    ]);
  // Update-VMVersion asks unless it is told -Confirm:$false.
  const impact = Object.entries(prompts).some(([why, names]) => why.startsWith('confirmImpactHigh') && names.includes(name));
  const aliases = Object.keys(moduleAliases).filter((alias) => moduleAliases[alias] === name);
  // Seen: GetVHD, NewVhd, MountVhd.
  const className = `${verb}${verb === 'Get' ? noun : noun.replace('VHD', 'Vhd')}${['CimCmdlets', 'Dism', 'Microsoft.PowerShell.Management'].includes(cmdlet.module) ? 'Command' : ''}`;
  return `[Cmdlet("${verb}", "${noun}"${set}${cmdlet.shouldProcess ? ', SupportsShouldProcess = true' : ''}${impact ? ', ConfirmImpact = ConfirmImpact.High' : ''})]${aliases.length > 0 ? ` [Alias(${aliases.map((alias) => `"${alias}"`).join(', ')})]` : ''}
public class ${className} : ${cmdlet.shouldProcess ? 'SimulatedChange' : 'SimulatedCmdlet'}
{
${lines.join('\n')}
}`;
}

const converters = {
  string: (e) => `Wire.Text(${e})`, Guid: (e) => `${e}.GetGuid()`, long: (e) => `${e}.GetInt64()`, int: (e) => `${e}.GetInt32()`,
  short: (e) => `${e}.GetInt16()`, byte: (e) => `${e}.GetByte()`, uint: (e) => `${e}.GetUInt32()`, ushort: (e) => `${e}.GetUInt16()`,
  ulong: (e) => `Wire.Big(${e})`, bool: (e) => `${e}.GetBoolean()`, DateTime: (e) => `Wire.Date(${e})`, TimeSpan: (e) => `Wire.Span(${e})`,
  'System.Version': (e) => `System.Version.Parse(${e}.GetString())`,
}; // prettier-ignore

function objectClass(name) {
  const about = objects[classOf[name]] ?? ofCim[classOf[name]];
  const all = { ...about?.properties, ...about?.etsProperties };
  const properties = Object.entries(all).filter(([property]) => isName(property));
  const body = [];
  const from = [];
  for (const [property, { type, alias }] of properties) {
    if (alias in all) {
      body.push(`public object ${property} => ${alias};`);
      continue;
    }
    const list = /^(?:IReadOnlyList|List)<(.*)>$/.exec(type);
    const base = (list ? list[1] : type).replace(/\?$|\[\]$/g, '');
    const isArray = !!list || type.endsWith('[]');
    const kind = plain[base] ?? (isEnum(base) ? base : 'object');
    const declared = kind === 'object' ? 'object' : isArray ? `${kind}[]` : references.has(base) ? kind : `${kind}?`;
    body.push(
      `${declared} _${property}; public ${declared} ${property} { get { Read("${property}"); return _${property}; } }`,
    );
    if (kind === 'object') continue;
    const e = 'p.Value';
    const convert = isArray
      ? isEnum(base) ? `Wire.Enums<${base}>(${e})` : kind === 'Guid' ? `Wire.Guids(${e})` : `Wire.Strings(${e})`
      : isEnum(base) ? `Wire.Member<${base}>(${e})` : converters[kind](e); // prettier-ignore
    from.push(`case "${property}": made._${property} = ${convert}; break;`);
  }
  return `public class ${name} : ${parents[name] ?? 'VirtualizationObject'}
{
${body.join('\n')}
${
  properties.length === 0
    ? ''
    : `public static ${name} From(JsonElement row)
{
var made = new ${name}();
foreach (var p in row.EnumerateObject())
{
if (!made.Holds(p)) continue;
switch (p.Name) { ${from.join(' ')} }
}
return made;
}`
}
}`;
}

/** Beside those of the catalog: what Microsoft's own commands for nested Hyper-V, docs/windows-check.ps1 and tests/live/live.ps1 use. */
const beside = ['Get-VMMemory', 'Get-NetAdapter', 'Save-VM', 'Suspend-VM'];
const names = [...new Set([...Object.entries(catalog).map(([key, entry]) => entry.cmdlet ?? key), ...beside])];
/** Written in a language of .NET on Windows too; all else are functions. */
const namespaces = {
  'Hyper-V': 'Microsoft.HyperV.PowerShell.Commands',
  CimCmdlets: 'Microsoft.Management.Infrastructure.CimCmdlets',
  Dism: 'Microsoft.Dism.Commands',
  DnsClient: 'Microsoft.DnsClient.Commands',
  'Microsoft.PowerShell.Management': 'Microsoft.PowerShell.Commands',
};
const isFunction = (name) =>
  !(cmdlets[name].module in namespaces) || (cmdlets[name].module === 'DnsClient' && name !== 'Resolve-DnsName');
/** Of one module, and yet in a namespace of their own. */
const ofDisks = (name) => name.endsWith('-VHD');
const spaces = [...Object.entries(namespaces), ['Hyper-V', 'Microsoft.Vhd.PowerShell.Cmdlets']];
const classesOf = spaces.map(
  ([module, namespace]) => `namespace ${namespace}
{
${names.filter((name) => cmdlets[name].module === module && !isFunction(name) && ofDisks(name) === namespace.includes('.Vhd.')).map(cmdletClass).join('\n')}
}`,
);

const scalars = { String: 'string', UInt32: 'uint32', UInt16: 'uint16', UInt64: 'uint64', Int32: 'int', Byte: 'byte', Boolean: 'bool', TimeSpan: 'timespan', DateTime: 'datetime', SwitchParameter: 'switch' }; // prettier-ignore

function functionText(name) {
  const cmdlet = cmdlets[name];
  // Sets by one word: those of the facts say where they come from.
  const setName = (set) => set.replace(/ \(cdxml\)$/, '');
  const changes = 'WhatIf' in cmdlet.parameters;
  const high = cmdlet.confirmImpact === 'High' || /^Remove-/.test(name);
  const parameters = Object.entries(cmdlet.parameters)
    .filter(([parameter]) => !['WhatIf', 'Confirm'].includes(parameter))
    .map(([parameter, about]) => {
      const sets = !about.sets || about.sets === '*' ? ['__AllParameterSets'] : about.sets;
      const placed = sets.map((set) => {
        const { position, pipeline = '', required } = about;
        const place = position && typeof position === 'object' ? position[set] : position;
        const parts = [
          set === '__AllParameterSets' ? '' : `ParameterSetName = '${setName(set)}'`,
          required === true || (required === 'some' && cmdlet.parameterSets[set]?.req?.includes(parameter)) ? 'Mandatory = $true' : '',
          typeof place === 'number' ? `Position = ${place}` : '',
          pipeline.includes('ByValue') ? 'ValueFromPipeline = $true' : '',
          pipeline.includes('ByPropertyName') ? 'ValueFromPipelineByPropertyName = $true' : '',
        ].filter(Boolean); // prettier-ignore
        return `[Parameter(${parts.join(', ')})]`;
      });
      const list = about.type.endsWith('[]');
      const base = about.type.replace(/\[\]$/, '');
      const type = scalars[base] ?? (about.values ? 'string' : 'object');
      const values = about.values && type === 'string' ? `[ValidateSet(${about.values.map((value) => `'${value}'`).join(', ')})]` : '';
      const aliases = about.aliases?.length ? `[Alias(${about.aliases.map((alias) => `'${alias}'`).join(', ')})]` : '';
      return `        ${placed.join(' ')} ${aliases}${values}[${type}${list ? '[]' : ''}] $${parameter}`;
    });
  const defaultSet = cmdlet.defaultSet && cmdlet.defaultSet !== '__AllParameterSets' ? `DefaultParameterSetName = '${setName(cmdlet.defaultSet)}'` : '';
  const binding = [defaultSet, changes ? 'SupportsShouldProcess = $true' : '', changes && high ? "ConfirmImpact = 'High'" : ''];
  const run = `[Hypernest.Simulation.SimulatedCmdlet]::Run($PSCmdlet, $${changes}, $${changes ? 'WhatIfPreference' : false})`;
  return `function ${name} {
    [CmdletBinding(${binding.filter(Boolean).join(', ')})]
    param(
${parameters.join(',\n')}
    )
    process { ${changes ? `if ($WhatIfPreference -or $PSCmdlet.ShouldProcess('${name}')) { ${run} }` : run} }
}`;
}
const functions = names.filter(isFunction);
/** CIM rows have no classes of their own: which of their properties are dates, and how wide a number is, is in the facts. */
const cimDates = [
  ...new Set(
    Object.values({ ...objects, ...ofCim })
      .filter(({ cimClass }) => cimClass)
      .flatMap(({ properties }) => Object.entries(properties))
      .filter(([, { type }]) => type.startsWith('DateTime'))
      .map(([name]) => name),
  ),
];
const cimNumbers = Object.entries({ ...objects, ...ofCim }).flatMap(([name, { cimClass = name, properties }]) =>
  Object.entries(properties)
    .filter(([, { type }]) => /^U?Int\d+$|^Byte$/.test(type))
    .map(([property, { type }]) => [`${cimClass.split('/').at(-1)}.${property}`, plain[type]]),
);
const typed = [...classes].filter((name) => classOf[name]);
const out = process.argv[2];
for (const module of new Set(functions.map((name) => cmdlets[name].module)))
  fs.writeFileSync(
    path.join(out, `${module}.psm1`),
    functions.filter((name) => cmdlets[name].module === module).map(functionText).join('\n'),
  );
fs.writeFileSync(
  path.join(out, 'Generated.cs'),
  `// Generated by generate.mjs from the catalog and the facts. Not kept in git.
#pragma warning disable
using System; using System.Collections.Generic; using System.Management.Automation; using System.Text.Json; using Hypernest.Simulation; using Microsoft.HyperV.PowerShell;
${classesOf.join('\n')}
namespace Microsoft.HyperV.PowerShell
{
${Object.entries(enums)
  .filter(([name]) => isEnum(name))
  .map(([name, members]) => `public enum ${name} { ${Object.entries(members).map(([member, value]) => `${member} = ${value}`).join(', ')} }`)
  .join('\n')}
${[...classes].map(objectClass).join('\n')}
}
namespace Hypernest.Simulation
{
public static class Materialise
{
public static readonly HashSet<string> CimDates = new HashSet<string> { ${cimDates.map((name) => `"${name}"`).join(', ')} };
public static readonly Dictionary<string, Type> CimNumbers = new Dictionary<string, Type>(StringComparer.OrdinalIgnoreCase) { ${cimNumbers.map(([name, type]) => `["${name}"] = typeof(${type})`).join(', ')} };
public static object From(string type, JsonElement row)
{
switch (type)
{
${typed.map((name) => `case "${name}": return ${name}.From(row);`).join('\n')}
default: return Loose.From(type, row);
}
}
}
}
`,
);
for (const name of names) console.log(`${cmdlets[name].module} ${isFunction(name) ? 'function' : 'cmdlet'} ${name}`);
for (const [alias, name] of Object.entries(moduleAliases)) console.log(`${cmdlets[name].module} alias ${alias}`);
