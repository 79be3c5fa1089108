import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { it } from 'vitest';
import { createScenario } from '../../simulator/scenarios/scenarios.js';
import { serveSimulator } from '../../simulator/server.js';
import { shellFor } from './runtime.js';
it('x', async () => {
  for (const s of ['no-hyper-v','module-blocked'] as const) {
  const simulator = createScenario(s);
  const server = await serveSimulator(simulator);
  const shell = await shellFor(simulator, server.address);
  console.log(JSON.stringify(shell.env));
  for (const text of [
    "Import-Module Hyper-V, CimCmdlets; (Get-VM).Count",
    '$v = @(Get-VM)[0]; ConvertTo-Json @($v.Id, $v.State, $v.Uptime.GetType().FullName, $v.CreationTime.Kind, $v.State.GetType().FullName)',
    "try { Set-VMProcessor -VMName 'Lab DC 01' -ExposeVirtualizationExtensions $true -ErrorAction Stop } catch { $_.FullyQualifiedErrorId; $_.CategoryInfo.ToString(); $_.Exception.GetType().FullName; $_.Exception.HResult; $_.Exception.Message }",
    "Get-CimInstance -ClassName Win32_OperatingSystem -Namespace root/cimv2 | Select-Object Caption, FreePhysicalMemory",
    "try { Get-VM -Id 00000000-0000-4000-8000-000000000000 -ErrorAction Stop } catch { $_.FullyQualifiedErrorId; $_.CategoryInfo.ToString(); $_.Exception.GetType().FullName; $_.Exception.Message }",
    "try { Get-CimInstance -ClassName Nope -ErrorAction Stop } catch { $_.FullyQualifiedErrorId; $_.CategoryInfo.ToString(); $_.Exception.GetType().FullName }",
    "try { Import-Module Hyper-V -MinimumVersion 2.0 -ErrorAction Stop } catch { $_.FullyQualifiedErrorId; $_.CategoryInfo.ToString(); $_.Exception.GetType().FullName; $_.Exception.Message }",
    "try { Get-VM -ErrorAction Stop } catch { $_.FullyQualifiedErrorId; $_.CategoryInfo.ToString(); $_.Exception.GetType().FullName; $_.Exception.Message }",
    "Import-Module Hypernest.Simulation; ConvertTo-Json (Get-SimulatedIdentity)",
  ]) {
    const t = Date.now();
    const r = await promisify(execFile)(shell.executable, ['-NoLogo','-NoProfile','-NonInteractive','-Command', text], { env: shell.env }).catch((e) => e);
    console.log('>>', text.slice(0, 90), Date.now() - t, 'ms\n', r.stdout, '\nERR', r.stderr, r.code ?? '');
  }
  await server.close();
  }
}, 120000);
