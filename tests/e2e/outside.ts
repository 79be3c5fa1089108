import { once } from 'node:events';
import net from 'node:net';
import type { Hypernest } from './hypernest.js';

/** What another user of the simulated PC does meanwhile, through the pipe that the simulated modules use (simulator/outside-acts.ts). */
export async function actOutside(
  hypernest: Hypernest,
  act: Readonly<Record<string, string | boolean>> & { readonly act: string },
): Promise<void> {
  // The last one: an app that tests share has had other worlds before.
  const pipe = await hypernest.electron.evaluate(() =>
    (globalThis as unknown as { __hypernest: { pipes: readonly string[] } }).__hypernest.pipes.at(-1),
  );
  if (pipe === undefined) throw new Error('no simulator is served');
  const socket = net.connect(pipe);
  socket.setEncoding('utf8');
  const request = { machine: '', elevated: false, cmdlet: 'Invoke-SimulatedOutside', parameters: act };
  socket.write(`${JSON.stringify(request)}\n`);
  const [line] = (await once(socket, 'data')) as [string];
  socket.destroy();
  const { errors } = JSON.parse(line) as { errors: readonly { message?: string }[] };
  if (errors.length > 0) throw new Error(`the act was refused: ${line}`);
}
