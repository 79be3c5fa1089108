// All that a program needs which starts Electron: packages, runtime, engine, and a desktop where there is none.
import { prepare } from './setup.mjs';

prepare();
const { electronRuntime } = await import('./electron-runtime.mjs');
const { hasDisplay, startDesktop } = await import('./desktop.mjs');
const { ensureSystem } = await import('./system-deps.mjs');
const { engineEnvironment } = await import('./engine.mjs');

/** `virtual: true` asks for the virtual desktop even where there is a display. */
export async function prepareElectron({ virtual = false, size } = {}) {
  const runtime = await electronRuntime();
  const own = process.platform === 'linux' && (virtual || !hasDisplay());
  ensureSystem(runtime.executable, { virtualDesktop: own });
  const engine = await engineEnvironment();
  const desktop = own ? await startDesktop(size ? { size } : {}) : undefined;
  return {
    executable: runtime.executable,
    virtual: own,
    env: { ...process.env, ...desktop?.env, ...runtime.env, ...engine },
    stop: async () => desktop?.stop(),
  };
}
