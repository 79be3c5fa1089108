// The PowerShell of this machine where Windows' own is not: a small host over the real engine, and simulated modules with the
// real names. Built once into .cache/, kept by the hash of the sources. For tests and the simulated workstation; never shipped.
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const here = import.meta.dirname;
const root = path.resolve(here, '..', '..');
const cache = path.join(root, '.cache');

const sources = () => [
  ...['host', 'modules'].flatMap((folder) =>
    fs
      .readdirSync(path.join(here, folder))
      .filter((name) => /\.(cs|csproj|mjs|ps1xml)$/.test(name))
      .map((name) => path.join(here, folder, name)),
  ),
  path.join(here, 'build.mjs'),
  path.join(root, 'src', 'core', 'cmdlets', 'catalog.ts'),
  ...fs.readdirSync(path.join(root, 'simulator', 'facts')).map((name) => path.join(root, 'simulator', 'facts', name)),
];

/** The same on every system. */
function hashOf(files) {
  const hash = createHash('sha256');
  const named = files.map((file) => ({ name: path.relative(root, file).replaceAll(path.sep, '/'), file }));
  for (const { name, file } of named.toSorted((a, b) => (a.name < b.name ? -1 : 1)))
    hash.update(name).update(fs.readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

const own = `${{ win32: 'win', darwin: 'osx' }[process.platform] ?? 'linux'}-${process.arch === 'arm64' ? 'arm64' : 'x64'}`;

const environment = () => ({
  ...process.env,
  DOTNET_NOLOGO: '1',
  DOTNET_CLI_TELEMETRY_OPTOUT: '1',
  DOTNET_SKIP_FIRST_TIME_EXPERIENCE: '1',
  // A home that does not exist, or is not ours to write, must not stop the build.
  DOTNET_CLI_HOME: path.join(cache, 'dotnet-home'),
  // No server of the SDK stays behind when the build is done.
  MSBUILDDISABLENODEREUSE: '1',
  DOTNET_CLI_USE_MSBUILD_SERVER: '0',
  UseSharedCompilation: 'false',
});

/** Several processes may build at once: each into a folder of its own, the first to be done wins. */
async function build(folder, target) {
  const temporary = fs.mkdtempSync(path.join(cache, 'building-'));
  try {
    await buildIn(temporary, target);
    fs.renameSync(temporary, folder);
  } catch (error) {
    if (!fs.existsSync(folder)) throw error;
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true });
  }
}

async function buildIn(temporary, target) {
  const dotnet = (...args) => run('dotnet', args, { env: environment(), maxBuffer: 2 ** 26 });
  for (const part of ['host', 'modules'])
    fs.cpSync(path.join(here, part), path.join(temporary, 'src', part), { recursive: true });
  const generated = await run(process.execPath, [
    '--no-warnings',
    ...(process.features.typescript ? [] : ['--experimental-strip-types']), // Node.js before 22.18
    path.join(here, 'modules', 'generate.mjs'),
    path.join(temporary, 'src', 'modules'),
  ]);
  // ReadyToRun: just-in-time compilation of the engine is most of the time until the first reply.
  await dotnet(
    'publish',
    path.join(temporary, 'src', 'host'),
    '-c',
    'Release',
    '-r',
    target,
    '--self-contained',
    String(target !== own), // for another system there is no .NET here
    '-p:PublishReadyToRun=true',
    '-o',
    path.join(temporary, 'host'),
    '-v',
    'q',
    '-nodeReuse:false',
  );
  // The default of a Windows client refuses the simulated modules, and an elevated shell has no variable that says otherwise.
  const settings = { 'Microsoft.PowerShell:ExecutionPolicy': 'Bypass' };
  fs.writeFileSync(path.join(temporary, 'host', 'powershell.config.json'), JSON.stringify(settings));
  await dotnet(
    'publish',
    path.join(temporary, 'src', 'modules'),
    '-c',
    'Release',
    '-o',
    path.join(temporary, 'lib'),
    '-v',
    'q',
    '-nodeReuse:false',
  );
  writeModules(
    temporary,
    generated.stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' ')),
  );
  fs.rmSync(path.join(temporary, 'src'), { recursive: true, force: true });
}

const quoted = (names) => `@(${names.map((name) => `'${name}'`).join(', ')})`;
const manifest = (cmdlets, { version = '1.0.0.0', functions = [], aliases = [], more = '' } = {}) =>
  `@{ RootModule = 'Hypernest.Simulation.dll'; ModuleVersion = '${version}'; CompatiblePSEditions = @('Desktop', 'Core'); CmdletsToExport = ${quoted(cmdlets)}; FunctionsToExport = ${quoted(functions)}; AliasesToExport = ${quoted(aliases)}; VariablesToExport = @()${more} }\n`;

/**
 * One folder for each state that the Hyper-V module of a scenario can be in: there, missing, or there and refused.
 * `made`: module, kind and name of each command.
 */
function writeModules(folder, made) {
  const of = (module, kind) => made.filter((one) => one[0] === module && one[1] === kind).map(([, , name]) => name);
  const scripts = path.join(folder, 'src', 'modules');
  for (const state of ['loaded', 'missing', 'blocked']) {
    const write = (module, text) => {
      const at = path.join(folder, `modules-${state}`, module);
      fs.mkdirSync(at, { recursive: true });
      // A copy for each: PowerShell takes a second module at the same path for the first, with the first one's cmdlets.
      fs.cpSync(path.join(folder, 'lib'), at, { recursive: true });
      if (of(module, 'function').length > 0)
        fs.copyFileSync(path.join(scripts, `${module}.psm1`), path.join(at, `${module}.functions.psm1`));
      fs.writeFileSync(path.join(at, `${module}.psd1`), text);
    };
    write('Hypernest.Simulation', manifest(['Get-SimulatedIdentity']));
    for (const module of new Set(made.map(([name]) => name))) {
      if (module === 'Hyper-V') continue;
      const functions = of(module, 'function');
      const more = functions.length > 0 ? `; NestedModules = '${module}.functions.psm1'` : '';
      write(module, manifest(of(module, 'cmdlet'), { functions, more }));
    }
    // Policy refuses a module that is there; off Windows there is no policy, so its manifest cannot be met.
    if (state !== 'missing') {
      write(
        'Hyper-V',
        // With what stands in the place of PowerShell Direct: the engine's own asks this module's Get-VM, and is of no use without it.
        manifest([...of('Hyper-V', 'cmdlet'), 'New-PSSession', 'Invoke-Command', 'Remove-PSSession'], {
          version: '2.0.0.0',
          aliases: of('Hyper-V', 'alias'),
          more: `; FormatsToProcess = 'Hyper-V.format.ps1xml'${state === 'blocked' ? "; PowerShellVersion = '99.0'" : ''}`,
        }),
      );
      fs.copyFileSync(
        path.join(scripts, 'Hyper-V.format.ps1xml'),
        path.join(folder, `modules-${state}`, 'Hyper-V', 'Hyper-V.format.ps1xml'),
      );
    }
  }
}

/** Earlier engines, and what a build that was stopped has left; not what was used within the hour, which may run elsewhere. */
function removeOld(current) {
  const hourAgo = Date.now() - 3_600_000;
  for (const name of fs.readdirSync(cache)) {
    if (!/^(building-|powershell-[0-9a-f]{16}$)/.test(name) || name === current) continue;
    const at = path.join(cache, name);
    if ((fs.statSync(at, { throwIfNoEntry: false })?.mtimeMs ?? 0) > hourAgo) continue;
    try {
      fs.rmSync(at, { recursive: true, force: true });
    } catch {
      // Windows keeps the files of a running program; the next build tries again.
    }
  }
}

/**
 * `target`: the system that it is for, as .NET names it. Built here for another one, it needs a folder of its own (tools/test-windows).
 * @returns {Promise<{ executable: string, modules: (state: 'loaded' | 'missing' | 'blocked') => string, folder: string } | { missing: string }>}
 */
export async function powershellRuntime({ log = console.log, target = own } = {}) {
  const folder = path.join(cache, `powershell-${hashOf(sources())}`);
  if (!fs.existsSync(folder)) {
    const sdk = spawnSync('dotnet', ['--version'], { encoding: 'utf8', env: environment() });
    if (sdk.status !== 0) return { missing: 'there is no .NET SDK; install the .NET SDK 10 to have it' };
    if (Number(sdk.stdout.split('.')[0]) < 10)
      return { missing: `the .NET SDK is ${sdk.stdout.trim()}; install 10 or later to have it` };
    log('Building the PowerShell engine for the simulated workstation (about half a minute, once)');
    fs.mkdirSync(cache, { recursive: true });
    try {
      await build(folder, target);
    } catch (error) {
      const said = `${error.stdout ?? ''}${error.stderr ?? error.message}`;
      const line = said.split('\n').find((one) => /error/i.test(one)) ?? said.split('\n')[0];
      return { missing: `it could not be built: ${line.trim().slice(0, 300)}` };
    }
    removeOld(path.basename(folder));
  }
  const now = new Date();
  fs.utimesSync(folder, now, now);
  return {
    folder,
    executable: path.join(folder, 'host', target.startsWith('win') ? 'hypernest-engine.exe' : 'hypernest-engine'),
    modules: (state) => path.join(folder, `modules-${state}`),
  };
}
