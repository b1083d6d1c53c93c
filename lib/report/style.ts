/** One colour per party, told apart by mark as well; each pair is AA for the mark's text on it. */
const LIGHT_HUES = [
  '#2a5f9e',
  '#b0500f',
  '#2b7548',
  '#7b459c',
  '#0d7083',
  '#ad3460',
  '#696711',
  '#4d5b78',
  '#83492c',
  '#8f3a86',
];
const DARK_HUES = [
  '#85b4ea',
  '#eda466',
  '#7ec79a',
  '#c4a0e6',
  '#63c2d2',
  '#ee92b2',
  '#cbc76b',
  '#aab8d4',
  '#d5a587',
  '#e29cd8',
];

const LIGHT = `color-scheme:light;--paper:#f7f6f2;--card:#fff;--ink:#1b2430;--soft:#586270;--line:#dedbd2;--track:#edebe4;
--good:#1c6a43;--good-tint:#e4f1e9;--bad:#a8262b;--bad-tint:#fbe9e8;--warn:#7d5200;--warn-tint:#fbf0d6;--link:#1f528f;--on-hue:#fff;--bar:#2f6f8f;
${LIGHT_HUES.map((hue, at) => `--hue-${at}:${hue};`).join('')}`;

const DARK = `color-scheme:dark;--paper:#11151a;--card:#191f27;--ink:#e7eaee;--soft:#a2adba;--line:#323b47;--track:#27303a;
--good:#82d1a4;--good-tint:#142b20;--bad:#ff9d98;--bad-tint:#381b1d;--warn:#ecbd63;--warn-tint:#33280f;--link:#8fbdf2;--on-hue:#11151a;--bar:#6fb3d3;
${DARK_HUES.map((hue, at) => `--hue-${at}:${hue};`).join('')}`;

/**
 * Written for a phone first; wider screens and paper add columns. Text in plots keeps its size at any width, since
 * plots have no view box.
 */
export const STYLE = `
:root{${LIGHT}}
@media screen and (prefers-color-scheme:dark){:root{${DARK}}}
${LIGHT_HUES.map((_, at) => `.hue-${at}{--hue:var(--hue-${at})}`).join('')}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:400 1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Liberation Sans",Arial,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere;text-wrap:pretty}
main,.inner,nav{max-width:70rem;margin:0 auto;padding:0 1rem}
h1,h2,h3,h4,p,ul,ol,dl,dd,figure{margin:0}
ul,ol{padding:0;list-style:none}
h1{font-size:clamp(1.9rem,6vw,3.1rem);line-height:1.12;letter-spacing:-.022em;font-weight:680;text-wrap:balance}
h2{font-size:1.5rem;line-height:1.25;letter-spacing:-.012em;font-weight:650;margin:2.75rem 0 1rem}
h3{font-size:1.15rem;line-height:1.35;font-weight:650;margin-bottom:.75rem}
h4{font-size:.8rem;font-weight:650;letter-spacing:.05em;text-transform:uppercase;color:var(--soft);margin-bottom:.75rem}
p{max-width:46rem}
a{color:var(--link);text-underline-offset:.15em}
a:focus-visible,summary:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:3px}
code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:.88em}
.soft{color:var(--soft)}.good{color:var(--good)}.bad{color:var(--bad)}.warn{color:var(--warn)}
.good,.bad,.agreed{white-space:nowrap}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.note{display:block;color:var(--soft);font-size:.86rem;line-height:1.45;font-weight:400}
.n{text-align:right;white-space:nowrap}
.badge{display:inline-grid;place-items:center;min-width:1.85em;height:1.85em;padding:0 .3em;border-radius:1em;background:var(--hue);color:var(--on-hue);font-size:.72rem;font-weight:700;letter-spacing:.02em;vertical-align:.1em;white-space:nowrap}
.pill{display:inline-block;padding:.15rem .65rem;border-radius:1rem;font-size:.84rem;font-weight:620;white-space:nowrap;background:var(--track)}
.pill.good{background:var(--good-tint)}.pill.bad{background:var(--bad-tint)}.pill.warn{background:var(--warn-tint)}

.verdict{--tone:var(--good);--tint:var(--good-tint);background:var(--tint);border-top:6px solid var(--tone);border-bottom:1px solid var(--line);padding:1.75rem 0 1.5rem}
.verdict.withheld{--tone:var(--bad);--tint:var(--bad-tint)}
.eyebrow{max-width:none;color:var(--ink);font-size:.92rem;margin-bottom:.6rem}
.verdict h1{color:var(--tone)}
.lede{font-size:1.13rem;margin-top:.6rem;text-wrap:balance}
.caution{margin-top:.9rem;padding:.6rem .9rem;background:var(--warn-tint);border-left:4px solid var(--warn);border-radius:0 6px 6px 0}
.causes{margin-top:1.25rem;padding:1rem 1.1rem;background:var(--card);border:1px solid var(--line);border-left:5px solid var(--tone);border-radius:4px 10px 10px 4px}
.causes h2{font-size:1.15rem;margin:0 0 .6rem}
.causes li{padding:.7rem 0;border-top:1px solid var(--line)}
.causes li p+p{margin-top:.3rem}
.remedy{padding-left:.8rem;border-left:3px solid var(--good)}
.causes>p{font-size:.9rem;color:var(--soft);margin-top:.4rem}
.key-figures{display:grid;grid-template-columns:repeat(2,1fr);gap:1px;margin-top:1.5rem;background:var(--line);border:1px solid var(--line);border-radius:10px;overflow:hidden}
.key-figures div{background:var(--card);padding:.8rem .9rem}
.key-figures div:last-child{grid-column:1/-1}
.key-figures dt{font-size:.82rem;color:var(--soft)}
.key-figures dd strong{display:block;font-size:clamp(1.3rem,5.4vw,1.55rem);line-height:1.25;letter-spacing:-.015em;font-weight:650}
.key-figures dd span{font-size:.82rem;line-height:1.35;color:var(--soft);display:block}

nav ul{display:flex;flex-wrap:wrap;gap:.15rem 1.1rem;padding:.8rem 0;border-bottom:1px solid var(--line);font-size:.92rem}
nav a{display:inline-block;padding:.2rem 0}

.card,.leg{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1.1rem 1rem 1.25rem;margin-bottom:1.25rem}
.leg{border-top:5px solid var(--hue);scroll-margin-top:.75rem}
.leg>header{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:flex-start;gap:.5rem 1rem;margin-bottom:.75rem}
.leg h3{margin:0}
.dataset{display:block;font-size:1.4rem;letter-spacing:-.012em}
.route{display:block;font-size:.95rem;font-weight:500}
.to{color:var(--soft)}
.part{margin-top:1.75rem;min-width:0}
.pair{display:grid;align-items:start;grid-template-columns:minmax(0,1fr)}
.terms{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:.6rem 1.1rem;font-size:.92rem}
.leg .terms{padding:.8rem 0;border-top:1px solid var(--line);border-bottom:1px solid var(--line)}
.leg .terms dd::first-letter{text-transform:uppercase}
.terms dt{font-size:.8rem;color:var(--soft)}

table{width:100%;border-collapse:collapse;font-size:.93rem;line-height:1.45}
caption{text-align:left;color:var(--soft);font-size:.86rem;padding-bottom:.4rem}
th,td{text-align:left;vertical-align:top;padding:.5rem .75rem .5rem 0;border-top:1px solid var(--line)}
th.n,td.n{text-align:right}
th:last-child,td:last-child{padding-right:0}
thead th{font-size:.8rem;font-weight:600;color:var(--soft);border-top:0;vertical-align:bottom}
tbody th{font-weight:500}
.figures{margin-top:1rem}
.balance{margin-top:1rem}
.balance,.balance tbody,.balance caption{display:block}
.balance thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
.balance tr{display:grid;grid-template-columns:auto auto minmax(0,1fr);gap:.2rem 1.2rem;padding:.7rem 0;border-top:1px solid var(--line)}
.balance th,.balance td{display:block;border:0;padding:0}
.balance tbody th{grid-column:1/-1}
.balance td[data-label]::before{content:attr(data-label);display:block;text-align:left;font-size:.8rem;color:var(--soft)}
.band{fill:var(--good-tint);stroke:var(--good);stroke-width:1;stroke-opacity:.35}
.reach{stroke:var(--hue);stroke-width:4}
.dot{fill:var(--hue)}
.difference{display:flex;flex-wrap:wrap;gap:0 .5rem}
.party{font-weight:550}
.columns td:last-child{white-space:nowrap}
.columns th:first-child{width:32%}.columns th:last-child{width:5rem}

.plot{display:block;overflow:visible}
.plot text{fill:var(--ink);font-size:13px}
.plot text.tick{fill:var(--soft);font-size:11px}
.plot .strong{font-weight:650}
.track{fill:var(--track)}
.axis{stroke:var(--line);stroke-width:1}
figcaption{color:var(--soft);font-size:.86rem;line-height:1.45;margin-top:.5rem}
.bar{fill:var(--bar)}
.bar.received{fill:var(--soft)}.bar.lost{fill:var(--warn)}.bar.waiting{fill:var(--line)}.bar.released{fill:var(--good)}.bar.below{fill:var(--bad)}
.hairline{stroke-width:2}.hairline.received{stroke:var(--soft)}.hairline.lost{stroke:var(--warn)}.hairline.waiting{stroke:var(--line)}.hairline.released{stroke:var(--good)}

.flow-parties{display:grid;grid-template-columns:repeat(var(--parties),minmax(0,1fr))}
.flow-parties li{display:flex;flex-direction:column;align-items:center;gap:.3rem;padding:0 .25rem .4rem;text-align:center;font-size:.9rem;font-weight:600;line-height:1.25}
.flow-parties .badge{font-size:.95rem}
.crowded .note{display:none}
.crowded .flow-parties li{font-size:.78rem}
.crowded .flow-parties .badge{font-size:.8rem}
.lane{stroke:var(--hue);stroke-width:2;opacity:.28}
.arrow line{stroke:var(--hue);shape-rendering:crispEdges}
.arrow path,.arrow circle{fill:var(--hue)}
.arrow.held line,.arrow.stopped line{stroke-dasharray:6 5;opacity:.7}
.arrow.held path,.arrow.stopped path{fill:var(--card);stroke:var(--hue);stroke-width:1.5}
.arrow .stop{fill:var(--bad)}
.arrow path.stop-mark{stroke:var(--card);stroke-width:2.2;stroke-linecap:round;fill:none}
.plot .flow-what,.plot .flow-rows{paint-order:stroke;stroke:var(--card);stroke-width:5px;stroke-linejoin:round}
.plot .flow-what{font-weight:650}
.plot .flow-rows{fill:var(--soft)}

.gates li{display:grid;grid-template-columns:1.5rem minmax(0,1fr);gap:.65rem;padding:.45rem 0;line-height:1.4}
.sign{display:grid;place-items:center;width:1.5rem;height:1.5rem;border-radius:50%;background:var(--track);font-weight:700;font-size:.85rem}
.sign.good{background:var(--good-tint)}.sign.bad{background:var(--bad-tint)}.sign.warn{background:var(--warn-tint)}

.hatch{stroke:var(--line);stroke-width:3}
.plot text.none{fill:var(--soft);font-size:12px}
.plot text.bar-label{font-size:11px;fill:var(--ink)}
.floor{stroke:var(--bad);stroke-width:1.5;stroke-dasharray:5 3}
.plot text.floor-label{fill:var(--bad);font-weight:650;font-size:12px}

.ladder{display:flex;flex-wrap:wrap;align-items:center;gap:.1rem .6rem;margin-top:.3rem}
.ladder svg{flex:none}
.rung{fill:var(--track)}.rung.climbed{fill:var(--bar);opacity:.45}.rung.chosen{fill:var(--bar)}

.grid{stroke:var(--line);stroke-width:1}
.plot text.risk-name{font-weight:600;paint-order:stroke;stroke:var(--card);stroke-width:4px}
.risk-change{stroke:var(--soft);stroke-width:2}
.risk-before{fill:var(--card);stroke:var(--soft);stroke-width:2}
.risk-after{fill:var(--good);stroke:var(--card);stroke-width:1}
.key{white-space:nowrap;margin-right:.6rem}.key::before{content:"";display:inline-block;width:.75em;height:.75em;border-radius:50%;margin-right:.4em;background:var(--good);border:2px solid var(--good)}.key.before::before{background:none;border-color:var(--soft)}
.assumptions{display:grid;gap:.5rem}
.assumptions li{padding-left:.8rem;border-left:3px solid var(--line)}
.assumptions+p{margin:.9rem 0 0}
figure+h4,.soft+h4{margin-top:1.6rem}
.aside{margin-top:.8rem;padding:.6rem .9rem;background:var(--warn-tint);border-radius:6px;font-size:.93rem}
.pair>.figures{margin-top:0}
.figures+p{margin-top:.6rem;font-size:.93rem}

details{margin-top:.9rem}
summary{cursor:pointer;color:var(--link);font-size:.93rem;padding:.15rem 0}
.hashes{display:grid;gap:.6rem;margin:.6rem 0;font-size:.9rem}
.hashes dt{color:var(--soft)}
.hashes code{word-break:break-all}

.coverage{display:flex;flex-wrap:wrap;gap:.5rem;margin-bottom:1.25rem}
.coverage li{padding:.45rem .9rem;border-radius:8px;background:var(--track);font-size:.93rem}
.coverage strong{font-size:1.15rem}
.coverage .release{background:var(--good-tint)}
.evidence{display:grid;gap:.3rem}
.clauses details{margin:0}
.clauses th strong{margin-right:.5rem}
.clauses tbody th{font-weight:400}
.clauses thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
.clauses,.clauses tbody,.clauses tr,.clauses caption{display:block}
.clauses tr{border-top:1px solid var(--line);padding:.8rem 0}
.clauses tr.more{border-top-style:dashed}
.clauses th,.clauses td{display:block;border:0;padding:.15rem 0}

footer{margin-top:3rem;border-top:1px solid var(--line);background:var(--card);padding-bottom:2.5rem;font-size:.95rem}
footer h2{font-size:1.15rem;margin:1.75rem 0 .6rem}

@media (min-width:48rem),print{
.key-figures{grid-template-columns:repeat(5,1fr)}
.key-figures div:last-child{grid-column:auto}
.terms{grid-template-columns:repeat(3,minmax(0,1fr))}
.card,.leg{padding:1.4rem 1.6rem 1.6rem}
.pair{grid-template-columns:repeat(2,minmax(0,1fr));column-gap:2.75rem}
.crowded .flow-parties li{font-size:.82rem}
.clauses{display:table}.clauses tbody{display:table-row-group}.clauses tr{display:table-row}.clauses caption{display:table-caption}
.clauses thead{display:table-header-group;position:static;clip-path:none}
.clauses th,.clauses td{display:table-cell;padding:.6rem 1.25rem .6rem 0;border-top:1px solid var(--line)}
.clauses thead th{border-top:0}
.clauses tr.more>*{border-top-style:dashed}
.clauses th{width:30%}.clauses td:last-child{width:42%}
.balance{display:table}.balance tbody{display:table-row-group}.balance caption{display:table-caption}.balance thead{display:table-header-group;position:static;clip-path:none}
.balance tr{display:table-row}
.balance th,.balance td{display:table-cell;padding:.5rem 1.5rem .5rem 0;border-top:1px solid var(--line)}
.balance thead th{border-top:0}
.balance td[data-label]::before{content:none}
.balance td:last-child{width:44%;padding-right:0}
}
@media screen and (max-width:47.99rem){
.crowded .flow-parties li{padding:0 0 .4rem}
.crowded .flow-parties .badge{font-size:.66rem;padding:0;min-width:2.3em;height:2.3em}
.crowded .flow-party{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
}
@media print{
@page{size:A4;margin:14mm 13mm}
:root{--paper:#fff}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
html{font-size:9.5pt}
.key-figures dd strong{font-size:1.25rem}
.crowded .flow-parties li{font-size:.68rem;padding:0 .1rem .4rem}
body{line-height:1.42}
main,.inner{max-width:none;padding:0}
nav{display:none}
.verdict{padding:1rem 1.1rem;border-radius:6px}
h1{font-size:24pt}
h2,h3,h4,caption,.leg>header{break-after:avoid}
figure,svg,tr,.gates li,.key-figures,.causes li,.assumptions li,.flow-legs li{break-inside:avoid}
.part,.card{break-inside:auto}
.leg{break-before:page}
.leg:first-of-type{break-before:auto}
details::details-content{content-visibility:visible;block-size:auto}
summary{color:var(--soft);list-style:none}
a{color:inherit;text-decoration:none}
footer{background:none}
}
`;
