// Compares the metadata of the *real* PowerShell modules on this Windows with the catalog (src/core/cmdlets/catalog.ts).
// node tools/compare-modules.mjs [SHELL]    Prints a line for each difference; exit code 1 when there is one.
// SHELL: another PowerShell than Windows' own, with the modules that it finds.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { cmdlets, enums, words } from '../src/core/cmdlets/catalog.ts';

const [, , shell] = process.argv;
if (process.platform !== 'win32' && shell === undefined) {
  console.error('The real modules are on Windows only.');
  process.exit(2);
}
const names = [...new Set(Object.entries(cmdlets).map(([key, entry]) => entry.cmdlet ?? key))];
const script = `
$ErrorActionPreference = 'Stop'
$types = @{}
$found = foreach ($name in '${names.join("','")}') {
  $command = Get-Command $name -ErrorAction SilentlyContinue | Select-Object -First 1
  if ($null -eq $command) { continue }
  $parameters = @{}
  foreach ($p in $command.Parameters.Values) {
    $type = $p.ParameterType; if ($type.IsGenericType) { $type = $type.GetGenericArguments()[0] }
    $parameters[$p.Name] = @{ type = $type.Name; sets = @($p.ParameterSets.Keys) }
    if ($type.IsEnum) { $types[$type.Name] = @([Enum]::GetNames($type)) }
  }
  $properties = @($command.OutputType | ForEach-Object { if ($_.Type) { $_.Type.GetProperties() | ForEach-Object { $_.Name } } })
  @{ name = $command.Name; module = $command.ModuleName; parameters = $parameters; properties = $properties }
}
foreach ($n in '${Object.keys(enums).join("','")}') { $t = "Microsoft.HyperV.PowerShell.$n" -as [type]; if ($t) { $types[$n] = @([Enum]::GetNames($t)) } }
@{ found = @($found); enums = $types } | ConvertTo-Json -Depth 6 -Compress`;
const windows = process.env.SystemRoot ?? 'C:\\Windows';
const exe = shell ?? path.join(windows, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe');
const encoded = Buffer.from(script, 'utf16le').toString('base64');
const result = spawnSync(exe, ['-NoProfile', '-NonInteractive', '-EncodedCommand', encoded], {
  encoding: 'utf8',
  maxBuffer: 2 ** 28,
  env: { ...process.env, PSExecutionPolicyPreference: 'Bypass' },
});
if (result.status !== 0) {
  console.error(result.stderr);
  process.exit(1);
}
/** One value is taken where a list is, and never a list where one value is. */
const takes = (known, given) => [given, `${given}[]`].includes(known);
const real = JSON.parse(result.stdout);
const differences = [];
let compared = 0;
for (const [key, entry] of Object.entries(cmdlets)) {
  const name = entry.cmdlet ?? key;
  const command = real.found.find((one) => one.name === name);
  if (!command) {
    differences.push(`${name}: not on this machine (module ${entry.module})`);
    continue;
  }
  compared++;
  if (command.module !== entry.module) differences.push(`${name}: in module ${command.module}, not ${entry.module}`);
  const used = { ...entry.params, ...entry.fixed, ...(entry.takes ? { [entry.takes]: 'object' } : {}) };
  for (const parameter of Object.keys(used)) {
    const known = command.parameters[parameter];
    if (!known) differences.push(`${name}: no parameter -${parameter}`);
    else if (
      parameter in entry.params &&
      !takes(known.type, entry.params[parameter] in words ? 'String' : entry.params[parameter].replace(/\?$/, ''))
    )
      differences.push(`${name} -${parameter}: ${known.type}, not ${entry.params[parameter]}`);
  }
  const sets = Object.keys(used).map((parameter) => command.parameters[parameter]?.sets ?? []);
  const common = sets.reduce(
    (left, right) =>
      right.includes('__AllParameterSets') ? left : left ? left.filter((s) => right.includes(s)) : right,
    undefined,
  );
  if (common && common.length === 0) differences.push(`${name}: no parameter set has ${Object.keys(used).join(', ')}`);
  if (command.properties.length > 0 && entry.module === 'Hyper-V')
    for (const property of Object.keys(entry.reads))
      // VMName, VMId and the like are added by the type system of PowerShell, not by reflection.
      if (!command.properties.includes(property) && !/^(VM|Parent)/.test(property))
        differences.push(`${name}: reads ${property}, which the object does not have`);
}
for (const [name, members] of Object.entries(enums)) {
  const known = real.enums[name];
  if (!known) continue;
  compared++;
  for (const member of members) if (!known.includes(member)) differences.push(`enum ${name}: no ${member}`);
}
for (const line of differences) console.log(line);
console.log(`${compared} compared, ${differences.length} differences`);
process.exit(differences.length > 0 ? 1 : 0);
