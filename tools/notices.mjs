// Licenses of what is bundled: a plugin of all three builds that writes THIRD-PARTY-NOTICES.txt beside them, from what really went in.
// Electron and Chromium bring their own notices beside the executable.
import fs from 'node:fs';
import path from 'node:path';

const nodeModules = `${path.sep}node_modules${path.sep}`;

/** The folder of the package that a module belongs to; undefined: it is ours. */
function packageOf(id) {
  const file = id.replace(/^\0/, '').replace(/\?.*$/, '').replaceAll('/', path.sep);
  const at = file.lastIndexOf(nodeModules);
  if (at < 0) return undefined;
  const [scope, name] = file.slice(at + nodeModules.length).split(path.sep);
  return path.join(file.slice(0, at + nodeModules.length), scope.startsWith('@') ? path.join(scope, name) : scope);
}

/** A package without a license text is said by its name and the license that it declares. */
function noticeOf(folder) {
  const { name, version, license, author, homepage } = JSON.parse(
    fs.readFileSync(path.join(folder, 'package.json'), 'utf8'),
  );
  const file = fs.readdirSync(folder).find((one) => /^(licen[cs]e|copying)(\.|$)/i.test(one));
  const by = typeof author === 'string' ? author : author?.name;
  const text = file
    ? fs.readFileSync(path.join(folder, file), 'utf8').trim()
    : `Declared license: ${license}. ${by ?? ''}`;
  return {
    name,
    text: [`${name} ${version} (${license ?? 'license: see below'})${homepage ? `\n${homepage}` : ''}`, text].join(
      '\n\n',
    ),
  };
}

/** One object for all builds of a run. */
export function notices(out) {
  const folders = new Set();
  return {
    name: 'third-party-notices',
    apply: 'build',
    generateBundle() {
      for (const id of this.getModuleIds()) {
        const folder = packageOf(id);
        if (folder && fs.existsSync(path.join(folder, 'package.json'))) folders.add(folder);
      }
    },
    closeBundle() {
      const all = [...folders].map(noticeOf).sort((a, b) => a.name.localeCompare(b.name));
      const line = '-'.repeat(78);
      const text = ['Hypernest contains the following software of others.', ...all.map((one) => one.text), ''].join(
        `\n\n${line}\n\n`,
      );
      fs.mkdirSync(out, { recursive: true });
      fs.writeFileSync(path.join(out, 'THIRD-PARTY-NOTICES.txt'), text);
    },
  };
}
