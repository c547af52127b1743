/** Dark on light and light on dark have a contrast of at least 4.5; printed, nothing is cut off or scrolls. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --line: #8888; --passed: #006435; --failed: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --passed: #63d69b; --failed: #ff897d; } }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; }
main { max-width: 75rem; margin: 0 auto; padding: 1.5rem; }
h1 { margin: 0; font-size: 2rem; }
h2 { margin: 2.5rem 0 .5rem; font-size: 1.3rem; }
h3 { margin: 1.5rem 0 .25rem; font-size: 1.05rem; }
.passed { color: var(--passed); }
.failed, .refused { color: var(--failed); }
.headline { font-size: 1.2rem; margin: .25rem 0 1rem; }
dl { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: 0; }
dt { font-size: .8rem; opacity: .8; }
dd { margin: 0; }
.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
caption { text-align: left; opacity: .8; padding: .25rem 0; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--line); }
.long { overflow-wrap: anywhere; min-width: 8rem; }
.verdict { white-space: nowrap; }
thead th { border-bottom-width: 2px; }
tbody th { font-weight: normal; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
li { overflow-wrap: anywhere; white-space: pre-line; margin: .2rem 0; }
.hash { font-size: .75rem; }
@media print {
  :root { color-scheme: light; }
  main { max-width: none; padding: 0; }
  .table { overflow: visible; }
  tr { break-inside: avoid; }
  thead { display: table-header-group; }
  h2, h3 { break-after: avoid; }
}
`;
