import type { RunRef } from '../../shared/protocol'
import type { ArtifactSource } from '../artifacts/source'
import type { Host } from '../ui/host'

/** A run's artifacts, read through the host. */
export function artifactSource(channel: Host['channel'], run: RunRef): ArtifactSource {
  return {
    runId: run.runId,
    list: (path, signal) => channel.request('artifacts', { run, path }, signal),
    part: async (path, start, length, signal) => {
      const { bytes } = await channel.request('artifactPart', { run, path, start, length }, signal)
      return new Uint8Array(bytes)
    },
    modelCard: (path, signal) => channel.request('modelCard', { run, path }, signal),
  }
}
