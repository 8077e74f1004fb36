/** How a report looks: on a light or a dark background, from a telephone to a wide screen. */

export const STYLE = `
:root { --line: #d0d7de; --soft: #f6f8fa; --quiet: #59636e; --link: #0969da }
@media (prefers-color-scheme: dark) { :root { --line: #3d444d; --soft: #151b23; --quiet: #9198a1; --link: #4493f8 } }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; background: Canvas; color: CanvasText }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere }
h3 { font-size: 1.4rem; margin: .3rem 0 1rem }
h5 { font-size: 1.1rem; margin: 1.2rem 0 .4rem }
h6 { font-size: 1rem; margin: 1.2rem 0 .4rem; color: var(--quiet) }
a { color: var(--link) }
sub { vertical-align: baseline; font-size: .85rem; color: var(--quiet) }
details { border: 1px solid var(--line); border-radius: 6px; margin: 1rem 0; padding: .5rem 1rem }
summary { cursor: pointer; font-weight: 600 }
table { display: block; overflow-x: auto; border-collapse: collapse; margin: .8rem 0; overflow-wrap: normal }
th, td { border: 1px solid var(--line); padding: .3rem .7rem }
th { background: var(--soft) }
code, pre { font: 13px/1.45 ui-monospace, monospace; background: var(--soft); border-radius: 4px }
code { padding: .1em .3em }
pre { padding: .8rem; overflow-x: auto }
pre code { padding: 0 }
blockquote { margin: .8rem 0; padding: 0 1rem; border-left: 4px solid var(--line); color: var(--quiet) }
img { max-width: 100%; height: auto; background: #fff }
svg { display: block; width: 100%; max-width: 560px; height: auto }
svg text { font-size: 11px; fill: currentColor }
`;
