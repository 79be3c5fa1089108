// What .github/workflows/release.yml does, one step a word (docs/release.md):
//   node tools/release.mjs check     fails where the tag is not what package.json and CHANGELOG.md say, or nobody has said where this is published
//   node tools/release.mjs build     the installer, signed where the environment has what that takes, and the feed of updates
//   node tools/release.mjs describe  checksums, the text of the release and winget's files, beside the installer
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { prepare, root } from './setup.mjs';

prepare();
const { parse } = await import('yaml');
const { load } = await import('./bundle.mjs');
const { bodyOf, isSigned, releaseOf, sha256, signingOf, sumsOf } = await import('./release/text.mjs');
const { wingetManifests } = await import('./release/winget.mjs');

const read = (name) => fs.readFileSync(path.join(root, name), 'utf8');
const product = JSON.parse(read('package.json'));
const dist = path.join(root, 'dist');
const { repository } = await load(path.join(root, 'src', 'shell', 'repository.ts'));

const check = () =>
  releaseOf({ tag: process.env.TAG, version: product.version, repository, changelog: read('CHANGELOG.md') });

function build() {
  check();
  const { args } = signingOf(process.env);
  const publish = [
    '-c.publish.provider=github',
    `-c.publish.owner=${repository.owner}`,
    `-c.publish.repo=${repository.name}`,
  ];
  const builder = path.join(root, 'node_modules', 'electron-builder', 'cli.js');
  const command = [builder, '--win', 'nsis', '--publish', 'never', ...publish, ...args];
  if (spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' }).status !== 0)
    throw new Error('electron-builder failed.');
}

function describe() {
  const notes = check();
  const installers = fs.readdirSync(dist).filter((name) => name.endsWith('.exe'));
  const [installer] = installers;
  if (installers.length !== 1) throw new Error(`dist/ holds ${installers.length} installers, not one.`);
  const bytes = fs.readFileSync(path.join(dist, installer));
  const signed = isSigned(bytes);
  fs.writeFileSync(path.join(dist, 'notes.md'), bodyOf({ notes, isSigned: signed, installer }));
  if (!signed)
    console.log('::warning title=Not signed::Nobody has set up signing (docs/release.md): the release says so.');
  const winget = path.join(dist, 'winget');
  fs.mkdirSync(winget, { recursive: true });
  const manifests = wingetManifests({
    product,
    config: parse(read('electron-builder.yml')),
    repository,
    installer,
    hash: sha256(bytes),
    date: new Date().toISOString().slice(0, 10),
  });
  for (const { name, text } of manifests) fs.writeFileSync(path.join(winget, name), text);
  const given = fs.readdirSync(dist).filter((name) => /\.(exe|yml)$/.test(name) && !name.startsWith('builder-'));
  fs.writeFileSync(
    path.join(dist, 'SHA256SUMS'),
    sumsOf(given.map((name) => ({ name, bytes: fs.readFileSync(path.join(dist, name)) }))),
  );
}

const acts = { check, build, describe };
const act = acts[process.argv[2]];
try {
  if (!act) throw new Error(`One of: ${Object.keys(acts).join(', ')}.`);
  act();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
