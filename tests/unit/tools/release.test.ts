/** What a release says and hands out, as .github/workflows/release.yml makes it. */
import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import product from '../../../package.json';
import { bodyOf, isSigned, notesOf, releaseOf, signingOf, sumsOf } from '../../../tools/release/text.mjs';
import { forwarder } from '../../../tools/test-windows/forwarder.mjs';
import { wingetManifests } from '../../../tools/release/winget.mjs';

const changelog =
  '# Changelog\n\n## 0.2.0 (unreleased)\n\n- Later.\n\n## 0.1.1\n\n## 0.1.0 (2026-12-01)\n\n- First.\n- Second.\n';

describe('the version', () => {
  const release = { version: '0.1.0', repository: { owner: 'some-one', name: 'hypernest' }, changelog };
  it('is that of the tag, or there is no release', () => {
    expect(releaseOf({ ...release, tag: 'v0.1.0' })).toBe('- First.\n- Second.');
    for (const tag of ['v0.1.1', '0.1.0', 'v0.1.0-beta', '', undefined])
      expect(() => releaseOf({ ...release, tag })).toThrow('is not v0.1.0');
  });

  it('is released nowhere while nobody has said where', () => {
    expect(() => releaseOf({ ...release, tag: 'v0.1.0', repository: null })).toThrow('names no repository');
  });

  it('has its part of the changelog, with a date and a text', () => {
    expect(notesOf(changelog, '0.1.0')).toBe('- First.\n- Second.');
    expect(() => notesOf(changelog, '0.2.0')).toThrow('unreleased');
    expect(() => notesOf(changelog, '0.1.1')).toThrow('says nothing');
    expect(() => notesOf(changelog, '0.1')).toThrow('no part "## 0.1"');
  });

  it('stands in the changelog of today', () => {
    const today = fs.readFileSync('CHANGELOG.md', 'utf8').replace(' (unreleased)', '');
    expect(notesOf(today, product.version)).toMatch(/^\S/);
  });
});

describe('signing', () => {
  const azure = { SIGNING_ENDPOINT: 'e', SIGNING_ACCOUNT: 'a', SIGNING_PROFILE: 'p', SIGNING_PUBLISHER: 'P', AZURE_TENANT_ID: 't', AZURE_CLIENT_ID: 'c', AZURE_CLIENT_SECRET: 's' }; // prettier-ignore
  const file = { WIN_CSC_LINK: 'l', WIN_CSC_KEY_PASSWORD: 'p' };

  it('is by Azure or by a certificate in a file, and then never left out in silence', () => {
    expect(signingOf(azure).kind).toBe('azure');
    expect(signingOf(file).kind).toBe('file');
    for (const env of [azure, file]) expect(signingOf(env).args).toContain('-c.forceCodeSigning=true');
  });

  it('puts no secret into the arguments', () => {
    expect(signingOf({ ...azure, AZURE_CLIENT_SECRET: 'hush' }).args.join(' ')).not.toContain('hush');
  });

  it('is none where nothing is set: what is not set in a workflow is an empty text', () => {
    const empty = Object.fromEntries(Object.keys({ ...azure, ...file }).map((name) => [name, '']));
    for (const env of [{}, empty]) expect(signingOf(env)).toEqual({ kind: 'none', args: [] });
  });

  it('is a mistake where a part of it is missing', () => {
    for (const whole of [azure, file])
      for (const name of Object.keys(whole)) expect(() => signingOf({ ...whole, [name]: '' })).toThrow('Signing needs');
  });
});

describe('the text of the release', () => {
  const installer = 'Hypernest-Setup-0.1.0.exe';
  it('begins with a warning where nothing is signed, and has none where it is', () => {
    const none = bodyOf({ notes: '- First.', isSigned: false, installer });
    expect(none).toMatch(/^> \[!WARNING\]\n> \*\*These files are not signed\.\*\*/);
    expect(none).not.toContain('INSTALLER');
    const signed = bodyOf({ notes: '- First.', isSigned: true, installer });
    expect(signed).toMatch(/^- First\./);
    expect(signed).not.toContain('not signed');
    for (const text of [none, signed]) expect(text).toContain(`Get-FileHash .\\${installer}`);
  });

  it('is by what the installer itself has, not by what was wanted', () => {
    for (const [magic, directories] of [
      [0x20b, 112],
      [0x10b, 96],
    ] as const) {
      // prettier-ignore
      const program: Buffer = forwarder('a.dll', ['a'], 'b.c');
      program.writeUInt16LE(magic, 64 + 24);
      expect(isSigned(program)).toBe(false);
      program.writeUInt32LE(0x1000, 64 + 24 + directories + 32);
      expect(isSigned(program)).toBe(true);
    }
  });

  it('has checksums as sha256sum reads them, in order', () => {
    const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    const files = ['b.exe', 'a.yml'].map((name) => ({ name, bytes: Buffer.alloc(0) }));
    expect(sumsOf(files)).toBe(`${empty}  a.yml\n${empty}  b.exe\n`);
  });
});

describe("winget's files", () => {
  const config = z
    .object({ copyright: z.string(), nsis: z.object({ guid: z.uuid() }).loose() })
    .loose()
    .parse(parse(fs.readFileSync('electron-builder.yml', 'utf8')));
  const repository = { owner: 'some-one', name: 'hypernest' };
  const hash = 'ab'.repeat(32);
  const made = wingetManifests({ product, config, repository, installer: 'Hypernest-Setup-0.1.0.exe', hash, date: '2026-12-01' }); // prettier-ignore
  const of = (type: string): Record<string, unknown> =>
    made.map(({ text }) => parse(text) as Record<string, unknown>).find((one) => one['ManifestType'] === type) ?? {};

  it('are four, each called by what it is', () => {
    const id = 'some-one.Hypernest';
    expect(made.map(({ name }) => name)).toEqual(
      ['', '.installer', '.locale.en-US', '.locale.zh-CN'].map((end) => `${id}${end}.yaml`),
    );
    for (const { text } of made) {
      expect(text).toMatch(/^# yaml-language-server: \$schema=\S+\n/);
      expect(parse(text)).toMatchObject({
        PackageIdentifier: id,
        PackageVersion: product.version,
        ManifestVersion: '1.12.0',
      });
    }
    expect(of('version')).toMatchObject({ DefaultLocale: of('defaultLocale')['PackageLocale'] });
  });

  it('have every field that winget asks for, as short as it wants it', () => {
    const short = z.string().min(3).max(256);
    const texts = z.object({
      Publisher: short,
      PackageName: short,
      License: short,
      ShortDescription: short,
      PackageUrl: z.url(),
      Copyright: short,
    });
    for (const type of ['defaultLocale', 'locale']) expect(texts.safeParse(of(type)).error).toBeUndefined();
    expect(of('locale')['ShortDescription']).toMatch(/\p{Script=Han}/u);
  });

  it('name the installer that was released and its hash, for all users and for one', () => {
    const { Installers: copies } = z
      .object({
        Installers: z.array(
          z.object({
            Scope: z.string(),
            InstallerUrl: z.string(),
            InstallerSha256: z.string(),
            InstallerSwitches: z.object({ Custom: z.string() }),
          }),
        ),
      })
      .parse(of('installer'));
    expect(copies.map(({ Scope, InstallerSwitches }) => [Scope, InstallerSwitches.Custom])).toEqual([
      ['machine', '/allusers'],
      ['user', '/currentuser'],
    ]);
    for (const { InstallerUrl, InstallerSha256 } of copies) {
      expect(InstallerUrl).toBe(
        `https://github.com/some-one/hypernest/releases/download/v${product.version}/Hypernest-Setup-0.1.0.exe`,
      );
      expect(InstallerSha256).toBe(hash.toUpperCase());
    }
    expect(of('installer')['ProductCode']).toBe(config.nsis.guid);
  });

  it.each([
    ['EXIT_APP_STAYS', 'packageInUseByApplication'],
    ['EXIT_OTHER_COPY', 'alreadyInstalled'],
  ])('know what it means when the installer ends with %s', (name, ReturnResponse) => {
    const [, code] = new RegExp(`${name} (\\d+)`).exec(fs.readFileSync('assets/installer.nsh', 'utf8')) ?? [];
    expect(of('installer')['ExpectedReturnCodes']).toContainEqual({
      InstallerReturnCode: Number(code),
      ReturnResponse,
    });
  });
});
