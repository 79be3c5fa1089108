/** Services by name: one that is disabled cannot be started, and what is set holds at once and over a restart (roles.ts). */
import { CmdletError } from '../errors.js';
import { strings } from '../parameters.js';
import type { SimulatedMachine } from '../world.js';
import { confirmed, serving, type Invocation, type ServedCmdlet, type SimulatedCmdlet } from './cmdlet.js';

/** As Win32_Service calls what Set-Service takes. */
const startModes: Readonly<Record<string, string>> = { Automatic: 'Auto', Manual: 'Manual', Disabled: 'Disabled' };

function named({
  machine,
  parameters,
}: Invocation): readonly (readonly [string, SimulatedMachine['services'][string]])[] {
  return strings(parameters['Name']).map((name) => {
    const found = Object.entries(machine.services).find(([one]) => one.toLowerCase() === name.toLowerCase());
    if (!found) throw new CmdletError('service-not-found', { name }, name);
    return found;
  });
}

const set: SimulatedCmdlet = (invocation) => {
  for (const [name, service] of named(invocation)) {
    if (!invocation.elevated) throw new CmdletError('service-not-set', { name });
    service.startMode = startModes[String(invocation.parameters['StartupType'])] ?? service.startMode;
  }
  return {};
};

const power =
  (state: 'Running' | 'Stopped'): SimulatedCmdlet =>
  (invocation) => {
    for (const [name, service] of named(invocation)) {
      if (!invocation.elevated)
        throw new CmdletError(state === 'Running' ? 'service-not-opened' : 'service-not-closed', { name });
      if (state === 'Running' && service.startMode === 'Disabled')
        throw new CmdletError('service-not-started', { name });
      service.state = state;
    }
    return {};
  };

export const services: Readonly<Record<string, ServedCmdlet>> = {
  'Set-Service': serving(set, 'Name', { ...confirmed, StartupType: Object.keys(startModes) }),
  'Start-Service': serving(power('Running'), 'Name', confirmed),
  'Stop-Service': serving(power('Stopped'), 'Name', confirmed),
};
