// C# cmdlet classes with the real names, parameter sets, types and enumerations, from the catalog and the facts.
// node generate.mjs OUT_FILE      Prints the names of the cmdlets, a line each: "<module> <cmdlet>".
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const root = path.resolve(import.meta.dirname, '..', '..', '..');
const { cmdlets: catalog } = await import(pathToFileURL(path.join(root, 'src', 'core', 'cmdlets.ts')).href);
const facts = path.join(root, 'simulator', 'facts');
const read = (name) => JSON.parse(fs.readFileSync(path.join(facts, name), 'utf8'));
const { cmdlets, enums: used, prompts } = read('cmdlets.json');
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
const classes = new Set(['VirtualMachine', 'VMProcessor', 'VMMemory', 'VMNetworkAdapter', 'VMSnapshot', 'VMIntegrationComponent', 'VMHost', 'VMSwitch']);
const classOf = Object.fromEntries(
  Object.entries(objects).flatMap(([cmdlet, { clrType }]) =>
    clrType?.startsWith('Microsoft.HyperV.PowerShell.') ? [[clrType.split('.').at(-1), cmdlet]] : [],
  ),
);
const parents = { VirtualMachine: 'VirtualMachineBase', VMSnapshot: 'VirtualMachineBase', VMNetworkAdapter: 'VMNetworkAdapterBase' };
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

function cmdletClass(name) {
  const cmdlet = cmdlets[name];
  const [verb, noun] = name.split('-');
  const set = cmdlet.defaultSet in cmdlet.parameterSets ? `, DefaultParameterSetName = "${cmdlet.defaultSet}"` : '';
  const lines = Object.entries(cmdlet.parameters)
    .filter(([parameter]) => !(cmdlet.shouldProcess && ['WhatIf', 'Confirm'].includes(parameter)))
    .flatMap(([parameter, about]) => [
      ...attributes(cmdlet, parameter, about),
      ...(about.aliases?.length ? [`[Alias(${about.aliases.map((alias) => `"${alias}"`).join(', ')})]`] : []),
      `public ${parameterType(about)} ${parameter} { get; set; }`,
    ]);
  // Update-VMVersion asks unless it is told -Confirm:$false.
  const impact = Object.entries(prompts).some(([why, names]) => why.startsWith('confirmImpactHigh') && names.includes(name));
  const className = name === 'Get-CimInstance' ? 'GetCimInstanceCommand' : verb + noun;
  return `[Cmdlet("${verb}", "${noun}"${set}${cmdlet.shouldProcess ? ', SupportsShouldProcess = true' : ''}${impact ? ', ConfirmImpact = ConfirmImpact.High' : ''})]
public class ${className} : ${cmdlet.shouldProcess ? 'SimulatedChange' : 'SimulatedCmdlet'}
{
${lines.join('\n')}
}`;
}

const converters = {
  string: (e) => `${e}.GetString()`, Guid: (e) => `${e}.GetGuid()`, long: (e) => `${e}.GetInt64()`, int: (e) => `${e}.GetInt32()`,
  short: (e) => `${e}.GetInt16()`, byte: (e) => `${e}.GetByte()`, uint: (e) => `${e}.GetUInt32()`, ushort: (e) => `${e}.GetUInt16()`,
  ulong: (e) => `Wire.Big(${e})`, bool: (e) => `${e}.GetBoolean()`, DateTime: (e) => `Wire.Date(${e})`, TimeSpan: (e) => `Wire.Span(${e})`,
  'System.Version': (e) => `System.Version.Parse(${e}.GetString())`,
}; // prettier-ignore

function objectClass(name) {
  const about = objects[classOf[name]];
  const all = { ...about?.properties, ...about?.etsProperties };
  const properties = Object.entries(all).filter(([property]) => isName(property));
  const body = [];
  const from = [];
  for (const [property, { type }] of properties) {
    const list = /^(?:IReadOnlyList|List)<(.*)>$/.exec(type);
    const base = (list ? list[1] : type).replace(/\?$|\[\]$/g, '');
    const isArray = !!list || type.endsWith('[]');
    const kind = plain[base] ?? (isEnum(base) ? base : 'object');
    const declared = kind === 'object' ? 'object' : isArray ? `${kind}[]` : references.has(base) ? kind : `${kind}?`;
    body.push(
      `${declared} _${property}; public ${declared} ${property} { get { if (thrown != null && thrown.TryGetValue("${property}", out var error)) throw error; return _${property}; } set { _${property} = value; } }`,
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
Dictionary<string, Exception> thrown;
${body.join('\n')}
${
  properties.length === 0
    ? ''
    : `public static ${name} From(JsonElement row)
{
var made = new ${name}();
foreach (var p in row.EnumerateObject())
{
if (p.Value.ValueKind == JsonValueKind.Null) continue;
var error = Wire.Thrown(p.Value);
if (error != null) { made.thrown = made.thrown ?? new Dictionary<string, Exception>(); made.thrown[p.Name] = error.Exception; continue; }
switch (p.Name) { ${from.join(' ')} }
}
return made;
}`
}
}`;
}

const names = [...new Set(Object.entries(catalog).map(([key, entry]) => entry.cmdlet ?? key))];
const hyperV = names.filter((name) => cmdlets[name].module === 'Hyper-V');
const cim = names.filter((name) => cmdlets[name].module === 'CimCmdlets');
const cmdletText = (list) => list.map(cmdletClass).join('\n');
const hyperVText = cmdletText(hyperV);
const cimText = cmdletText(cim);
/** CIM rows have no classes of their own: which of their properties are dates is in the facts. */
const cimDates = [
  ...new Set(
    Object.values({ ...objects, ...ofCim })
      .filter(({ cimClass }) => cimClass)
      .flatMap(({ properties }) => Object.entries(properties))
      .filter(([, { type }]) => type.startsWith('DateTime'))
      .map(([name]) => name),
  ),
];
const typed = [...classes].filter((name) => classOf[name]);
fs.writeFileSync(
  process.argv[2],
  `// Generated by generate.mjs from the catalog and the facts. Not kept in git.
#pragma warning disable
using System; using System.Collections.Generic; using System.Management.Automation; using System.Text.Json; using Hypernest.Simulation; using Microsoft.HyperV.PowerShell;
namespace Microsoft.HyperV.PowerShell.Commands
{
${hyperVText}
}
namespace Microsoft.Management.Infrastructure.CimCmdlets
{
${cimText}
}
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
public static object From(string type, JsonElement row)
{
switch (type)
{
${typed.map((name) => `case "${name}": return ${name}.From(row);`).join('\n')}
default: return Loose.From(row);
}
}
}
}
`,
);
for (const name of hyperV) console.log(`Hyper-V ${name}`);
for (const name of cim) console.log(`CimCmdlets ${name}`);
