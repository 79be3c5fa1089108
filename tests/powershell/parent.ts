/** Holds a session and says the id of its shell: for the test that kills it. */
import { z } from 'zod';
import { bootstrapOf } from '../../src/powershell/bootstrap.js';
import { openSession } from '../../src/powershell/session.js';
import { childTransport } from '../../src/powershell/transport.js';

const { cwd, ...shell } = z
  .object({
    executable: z.string(),
    env: z.record(z.string(), z.string()),
    cwd: z.string().optional(),
    standIn: z.object({ modules: z.string(), variables: z.array(z.string()) }).optional(),
  })
  .parse(JSON.parse(process.env['PARENT_SHELL'] ?? '{}'));
const session = await openSession({
  transport: childTransport({
    ...shell,
    ...(cwd === undefined ? {} : { cwd }),
    bootstrap: bootstrapOf({ identity: '', standIn: shell.standIn }),
  }),
});
process.stdout.write(`${String(session.pid)}\n`);
