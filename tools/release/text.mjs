// What a release says: the part of the changelog, how its files are checked, and whether they are signed. Pure.
import { createHash } from 'node:crypto';

/**
 * What is under `## VERSION` in the changelog; throws where there is no such part, it is empty, or still "(unreleased)".
 * @returns {string}
 */
export function notesOf(changelog, version) {
  const [, ...parts] = changelog.split(/^## /m);
  const part = parts.find((one) => one.split(/\s/, 1)[0] === version);
  if (part === undefined) throw new Error(`CHANGELOG.md has no part "## ${version}".`);
  const [title, ...lines] = part.split('\n');
  if (title.includes('unreleased'))
    throw new Error(`CHANGELOG.md says that ${version} is unreleased: give it its date.`);
  const notes = lines.join('\n').trim();
  if (notes === '') throw new Error(`CHANGELOG.md says nothing of ${version}.`);
  return notes;
}

/**
 * The notes of a release that may be made; throws where nobody has said where it is published, or its tag is not the version.
 * @returns {string}
 */
export function releaseOf({ tag, version, repository, changelog }) {
  if (!repository)
    throw new Error('package.json names no repository on GitHub: nobody has said where this is published.');
  if (tag !== `v${version}`) throw new Error(`The tag ${tag} is not v${version}, which package.json says.`);
  return notesOf(changelog, version);
}

export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** As `sha256sum --check` reads it. */
export const sumsOf = (files) =>
  files
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, bytes }) => `${sha256(bytes)}  ${name}\n`)
    .join('');

const azure = ['SIGNING_ENDPOINT', 'SIGNING_ACCOUNT', 'SIGNING_PROFILE', 'SIGNING_PUBLISHER', 'AZURE_TENANT_ID', 'AZURE_CLIENT_ID', 'AZURE_CLIENT_SECRET']; // prettier-ignore
const file = ['WIN_CSC_LINK', 'WIN_CSC_KEY_PASSWORD'];
/** All that a workflow hands to the step that signs. */
export const signingVariables = [...azure, ...file];

/**
 * How the files are signed, by what the environment has (a variable that nobody has set is empty): Azure Artifact Signing, a certificate in a
 * file, or not at all. Half of one is a mistake, and no release without a signature.
 */
export function signingOf(env) {
  const has = (names) => names.filter((name) => (env[name] ?? '') !== '');
  const [ofAzure, ofFile] = [has(azure), has(file)];
  for (const [found, wanted] of [
    [ofAzure, azure],
    [ofFile, file],
  ])
    // prettier-ignore
    if (found.length > 0 && found.length < wanted.length)
      throw new Error(`Signing needs ${wanted.join(', ')}; there is only ${found.join(', ')}.`);
  if (ofAzure.length > 0)
    return {
      kind: 'azure',
      args: [
        `-c.win.azureSignOptions.endpoint=${env.SIGNING_ENDPOINT}`,
        `-c.win.azureSignOptions.codeSigningAccountName=${env.SIGNING_ACCOUNT}`,
        `-c.win.azureSignOptions.certificateProfileName=${env.SIGNING_PROFILE}`,
        `-c.win.azureSignOptions.publisherName=${env.SIGNING_PUBLISHER}`,
        '-c.forceCodeSigning=true',
      ],
    };
  return ofFile.length > 0 ? { kind: 'file', args: ['-c.forceCodeSigning=true'] } : { kind: 'none', args: [] };
}

/** Whether a program for Windows carries a signature: the fifth directory of its optional header says where. Not whether it is a good one. */
export function isSigned(program) {
  const pe = program.readUInt32LE(60);
  const optional = pe + 24;
  const directories = optional + (program.readUInt16LE(optional) === 0x20b ? 112 : 96);
  return program.readUInt32LE(directories + 4 * 8) !== 0;
}

const unsigned = `> [!WARNING]
> **These files are not signed.** Windows can’t tell who made them and warns before it runs them. Compare the SHA-256 of what you downloaded
> with \`SHA256SUMS\` first: \`Get-FileHash .\\INSTALLER\`. It shows that the file is the one of this release, not who made it.
> Where a policy asks for signed apps, this release can’t be installed.
`;

/** The text of the release. */
export function bodyOf({ notes, isSigned: signed, installer }) {
  const how = `Download \`${installer}\` and start it. Or check it first: \`Get-FileHash .\\${installer}\` must show what \`SHA256SUMS\` says.`;
  const warning = signed ? [] : [unsigned.replace('INSTALLER', installer)];
  return [...warning, notes, '## Install', how, ''].join('\n\n').replaceAll(/\n{3,}/g, '\n\n');
}
