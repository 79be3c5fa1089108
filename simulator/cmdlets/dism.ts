/** Optional features: elevated only, also to read (facts: elevation-dism); what is asked for waits for a start. */
import { sleep } from '../clock.js';
import { CmdletError } from '../errors.js';
import { strings } from '../parameters.js';
import { askFor } from '../roles.js';
import { serving, type Invocation, type ServedCmdlet, type SimulatedCmdlet } from './cmdlet.js';

/** Seconds that Windows works on one change. */
const changeSeconds = 25;

const className = ({ cmdlet }: Invocation) => cmdlet.replace('-', '');

function mustBeElevated(invocation: Invocation) {
  if (!invocation.elevated) throw new CmdletError('elevation-dism', { command: className(invocation) });
}

const read: SimulatedCmdlet = (invocation) => {
  mustBeElevated(invocation);
  const { machine, parameters } = invocation;
  const wanted = strings(parameters['FeatureName']).map((name) => name.toLowerCase());
  // A name that this Windows does not know answers with nothing.
  const found = Object.entries(machine.features).filter(
    ([name]) => wanted.length === 0 || wanted.includes(name.toLowerCase()),
  );
  return { type: 'AdvancedFeatureObject', rows: found.map(([FeatureName, State]) => ({ FeatureName, State })) };
};

const change =
  (on: boolean): SimulatedCmdlet =>
  async (invocation) => {
    mustBeElevated(invocation);
    const { machine, parameters, clock } = invocation;
    const names = strings(parameters['FeatureName']);
    for (const name of names)
      if (!(name in machine.features))
        throw new CmdletError('feature-unknown', { name, command: className(invocation) });
    await sleep(clock, changeSeconds);
    const restarts = names.map((name) => askFor(machine, name, on));
    return { type: 'ImageObject', rows: [{ Path: '', Online: true, RestartNeeded: restarts.includes(true) }] };
  };

const online = { Online: [true] } as const;

export const dism: Readonly<Record<string, ServedCmdlet>> = {
  'Get-WindowsOptionalFeature': serving(read, 'FeatureName', online),
  'Enable-WindowsOptionalFeature': serving(change(true), 'FeatureName', { ...online, All: [true], NoRestart: [true] }),
  'Disable-WindowsOptionalFeature': serving(change(false), 'FeatureName', { ...online, NoRestart: [true] }),
};
