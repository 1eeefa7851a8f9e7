export interface DataColumn {
  readonly name: string
  /** Such as `INT64`; empty where the file tells none. */
  readonly type?: string
}
