// Copies the part of the Hyper-V facts that the catalog uses into simulator/facts.
// Run after adding a cmdlet to src/core/cmdlets/catalog.ts:  node tools/prune-facts.mjs
// Its input, all 409 cmdlets of Microsoft's own metadata and documentation, is in tools/facts.
// Own additions (classes that the facts lack) are in simulator/facts/cim.json, which is not touched.
import fs from 'node:fs';
import path from 'node:path';
import { cmdlets as catalog } from '../src/core/cmdlets/catalog.ts';

const from = path.join(import.meta.dirname, 'facts');
const target = path.join(import.meta.dirname, '../simulator/facts');
const read = (name) => JSON.parse(fs.readFileSync(path.join(from, name), 'utf8'));
const pick = (record, wanted) => Object.fromEntries(Object.entries(record).filter(([key]) => wanted(key)));

const entries = Object.entries(catalog);
const used = new Set(entries.map(([name, entry]) => entry.cmdlet ?? name.split('/')[0]));
// Get-VMMemory: its object is how Set-VMMemory's values are read. Get-NetAdapter: Microsoft's own commands of a NAT network use it.
// Import-Module: its errors. Save-VM and the like: with them tests/live makes VMs of its own, and takes them away.
for (const more of [
  'Get-VMMemory',
  'Get-NetAdapter',
  'Save-VM',
  'Suspend-VM',
  'Import-Module',
  'New-PSSession',
  'Invoke-Command',
  'Remove-PSSession',
])
  used.add(more);
// Classes of the network are described as the cmdlets that give them.
const classes = new Set(entries.map(([name, entry]) => entry.fixed?.ClassName ?? name));
for (const [name, { cimClass = '' }] of Object.entries(read('objects.json').objects))
  if (classes.has(cimClass.split('/').at(-1))) classes.add(name);

const cmdlets = read('cmdlets.json');
const objects = read('objects.json');
const errors = read('errors.json');

// What is not of Hyper-V is kept as it was written here.
const own = JSON.parse(fs.readFileSync(path.join(target, 'cmdlets.json'), 'utf8')).cmdlets;
const keptCmdlets = {
  ...pick(cmdlets.cmdlets, (name) => used.has(name)),
  ...pick(own, (name) => used.has(name) && !(name in cmdlets.cmdlets)),
};
const keptObjects = pick(objects.objects, (name) => used.has(name) || classes.has(name));
const words = JSON.stringify([keptCmdlets, keptObjects]);
const usedEnum = (name) => new RegExp(`\\b${name}\\b`).test(words);
const { errors: keptErrors } = errors;

const write = (name, value) => fs.writeFileSync(path.join(target, name), `${JSON.stringify(value, null, 1)}\n`);
write('cmdlets.json', {
  ...pick(cmdlets, (key) => ['source', 'legend', 'moduleVersions1607', 'prompts'].includes(key)),
  moduleAliases: Object.fromEntries(
    Object.entries(Object.values(cmdlets.moduleAliases).reduce((all, one) => ({ ...all, ...one }))).filter(([, name]) =>
      used.has(name),
    ),
  ),
  enums: pick(cmdlets.enums, usedEnum),
  cmdlets: keptCmdlets,
});
write('objects.json', {
  ...pick(objects, (key) => ['source', 'legend', 'configurationVersions', 'nestedVirtualization'].includes(key)),
  enums: pick(objects.enums, (name) => usedEnum(name.split(' ')[0]) || name === 'OperatingSystemSKU'),
  objects: keptObjects,
});
write('errors.json', { ...pick(errors, (key) => key !== 'errors'), errors: keptErrors });

const missing = [...used].filter((name) => !(name in cmdlets.cmdlets));
if (missing.length > 0) console.log(`No facts for ${missing.join(', ')}: say so in simulator/facts/cim.json.`);
console.log(
  `${Object.keys(keptCmdlets).length} cmdlets, ${Object.keys(keptObjects).length} objects, ${keptErrors.length} errors kept.`,
);
