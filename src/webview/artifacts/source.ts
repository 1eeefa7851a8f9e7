import type { Artifact, ModelCard } from '../../shared/protocol'

/** Where a run's artifacts come from. */
export interface ArtifactSource {
  readonly runId: string
  list(path: string, signal: AbortSignal): Promise<Artifact[]>
  /** Fewer bytes than `length` where the file ends. */
  part(path: string, start: number, length: number, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>
  modelCard(path: string, signal: AbortSignal): Promise<ModelCard>
}

/** The beginning of an artifact. */
export interface Head {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** It is all there is. */
  readonly isWhole: boolean
}

/** At most `length` bytes from the beginning; one more is asked for, to know whether it goes on. */
export async function readHead(
  source: ArtifactSource,
  path: string,
  length: number,
  signal: AbortSignal,
): Promise<Head> {
  const bytes = await source.part(path, 0, length + 1, signal)
  return { bytes: bytes.subarray(0, length), isWhole: bytes.length <= length }
}
