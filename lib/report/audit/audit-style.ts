/** What the audit report adds to the style of all reports. */
export const AUDIT_STYLE = `
.verdict.doubtful{--tone:var(--warn);--tint:var(--warn-tint)}
.stranger{--hue:var(--bad)}.room{--hue:var(--soft)}
section{scroll-margin-top:.5rem}
.card+h3,.lead{margin-top:.25rem}
.lead{color:var(--soft);margin-bottom:1rem}
.card>h3+p{margin-bottom:.75rem}
.card p+p{margin-top:.6rem}
bdi{unicode-bidi:isolate}
.pill{line-height:1.35;white-space:normal}
.hash{word-break:break-all;font-size:.8em;color:var(--soft)}
.severities{display:grid;gap:.6rem;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr));margin-bottom:1rem}
.severities li{padding:.7rem .9rem;border-radius:10px;background:var(--track)}
.severities .tone-bad{background:var(--bad-tint)}.severities .tone-warn{background:var(--warn-tint)}
.severities strong{font-size:1.45rem}.severities .tone-bad strong{color:var(--bad)}.severities .tone-warn strong{color:var(--warn)}
.severities .tone-bad .note,.severities .tone-warn .note{color:var(--ink)}
.exception{background:var(--card);border:1px solid var(--line);border-left:5px solid var(--line);border-radius:4px 10px 10px 4px;padding:.7rem 1rem;margin:.6rem 0}
.exception.tone-bad{border-left-color:var(--bad)}.exception.tone-warn{border-left-color:var(--warn)}
.exception>summary{color:var(--ink);font-size:1rem;display:grid;grid-template-columns:.8em auto minmax(0,1fr) auto;align-items:center;gap:.6rem}
.exception>summary .count{font-weight:650}
.exception>summary::before,.record>summary::before,.standard>summary::before{content:"▸";color:var(--soft);width:.8em}
.exception[open]>summary::before,.record[open]>summary::before,.standard[open]>summary::before{content:"▾"}
.exception>p{margin:.6rem 0 0}
.exception table{margin-top:.7rem}
.rows{font-size:.9rem}
.rows,.rows tbody,.rows caption{display:block}
.rows thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
.rows tr{display:block;padding:.7rem 0;border-top:1px solid var(--line)}
.rows td{display:block;border:0;padding:.15rem 0}
.rows td.n{text-align:left}
.rows td[data-label]::before{content:attr(data-label) " ";color:var(--soft);font-size:.86em}
.rows caption{padding:.9rem 0 .3rem}
.rows .note{font-size:.82rem}
.rows .what{overflow-wrap:anywhere}
.rows .words{white-space:pre-line}
.rows td ul{display:grid;gap:.3rem}
.nobody{color:var(--bad)}
.proofs{margin:0}.proofs ul{display:grid;gap:.5rem;margin-top:.4rem}.proofs li{font-size:.82rem}.proofs code{word-break:break-all}
.legend{display:flex;flex-wrap:wrap;gap:.25rem 1.2rem;margin-bottom:.9rem;font-size:.92rem}
.stack{fill:var(--hue)}
.baseline{stroke:var(--soft);stroke-width:1}
.mark.breach{fill:var(--bad)}.mark.gap{fill:var(--warn)}.mark.notice{stroke:var(--soft);stroke-width:2.5}
.mark-key{white-space:nowrap}.mark-key.breach{color:var(--bad)}.mark-key.gap{color:var(--warn)}
.heat-parties{display:grid;grid-template-columns:repeat(var(--columns),minmax(0,1fr));margin-bottom:.4rem}
.heat-parties li{display:flex;flex-direction:column;align-items:center;gap:.25rem;text-align:center;font-size:.86rem;font-weight:600;line-height:1.2;padding:0 .2rem}
.cell{fill:var(--track)}.cell.filled{fill:var(--hue)}.cell.none{fill:none;stroke:var(--line);stroke-dasharray:3 3}
.plot .breaches{fill:var(--bad);font-weight:650}
.swatch{display:inline-block;width:1em;height:.8em;border-radius:2px;margin-right:.4em}
.covered.validated{fill:var(--good)}.swatch.validated{background:var(--good)}
.covered.quiet{fill:var(--good);fill-opacity:.45}.swatch.quiet{background:var(--good);opacity:.45}
.covered.partly-validated{fill:var(--bar)}.swatch.partly-validated{background:var(--bar)}
.covered.logged{fill:var(--warn)}.swatch.logged{background:var(--warn)}
.covered.incomplete{fill:var(--bad)}.swatch.incomplete{background:var(--bad);height:.45em}
.covered.silent{fill:var(--bad)}.swatch.silent{background:var(--bad);height:.25em}
.plot .lane-name,.plot .flow-what,.plot .flow-rows{paint-order:stroke;stroke:var(--card);stroke-width:4px}
.filter{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:.6rem .8rem;align-items:end;margin:.5rem 0 .9rem}
.filter[hidden],.pager[hidden]{display:none}
.filter label{display:grid;gap:.2rem;font-size:.82rem;color:var(--soft)}
.filter .wide{grid-column:1/-1}
.filter input,.filter select,.filter button,.pager button{font:inherit;font-size:.95rem;color:var(--ink);background:var(--card);border:1px solid var(--soft);border-radius:6px;padding:.4rem .5rem;min-width:0;width:100%}
.filter button,.pager button{cursor:pointer;background:var(--track);width:auto;padding:.4rem 1rem}
.pager button:disabled{opacity:.45;cursor:default}
.filter :focus-visible,.pager :focus-visible{outline:3px solid var(--link);outline-offset:1px}
.rows-status{font-size:.92rem;color:var(--soft);margin-bottom:.3rem}
.pager{display:flex;justify-content:space-between;align-items:center;gap:1rem;padding:.8rem 0 0;max-width:none;margin:0;font-size:.92rem}
.trails,.reach,.unseen,.selectors{display:grid;gap:.5rem;margin:.6rem 0}
.selectors li{padding-left:.8rem;border-left:3px solid var(--line);font-size:.92rem}
.reach{gap:.3rem}
.unseen li{padding:.7rem .9rem;background:var(--card);border:1px solid var(--line);border-left:4px solid var(--line);border-radius:4px 8px 8px 4px;max-width:none}
.unseen .party{display:block;margin-bottom:.2rem}
.unseen .subscriber-exports{border-left-color:var(--warn)}
.record,.standard{border-top:1px solid var(--line);margin:0;padding:.6rem 0}
.record>summary,.standard>summary{color:var(--ink);display:flex;flex-wrap:wrap;gap:.3rem .6rem;align-items:center}
.article{display:grid;gap:.8rem;margin:.8rem 0 .4rem;font-size:.93rem}
.article dt{font-size:.8rem;color:var(--soft)}
.measures{grid-column:1/-1}
.article ul{display:grid;gap:.3rem}

@media (min-width:54rem),print{
.rows{display:table}.rows tbody{display:table-row-group}.rows caption{display:table-caption}
.rows caption.hidden{position:absolute}
.rows thead{display:table-header-group;position:static;clip-path:none}
.rows tr{display:table-row;border-top:0}
.rows thead th{padding-top:0;white-space:nowrap;padding-right:.9rem}
.rows .proof{min-width:7.5rem}
.by-party td:nth-child(3){min-width:9.5rem}.by-party th:last-child{white-space:normal}
.releases td:nth-child(3){min-width:6.5rem}
.rows td{display:table-cell;padding:.5rem .9rem .5rem 0;border-top:1px solid var(--line)}
.rows td:last-child{padding-right:0}
.rows td.n{text-align:right;white-space:nowrap}
.rows td[data-label]::before{content:none}
.rows .when{white-space:nowrap;width:1%}
.rows .party{white-space:nowrap}
.accesses{table-layout:fixed}.accesses th:nth-child(1){width:6.2rem}.accesses th:nth-child(2){width:25%}.accesses th:nth-child(4){width:21%}.accesses th:nth-child(5){width:17%}
.accesses .party{white-space:normal}
.releases td:last-child{width:38%}
.problems td:last-child{width:50%}
.controls{table-layout:fixed}.controls th:first-child{width:25%}
.filter{grid-template-columns:repeat(6,minmax(0,1fr)) auto}
.article{grid-template-columns:repeat(2,minmax(0,1fr));column-gap:2rem}
.article .measures ul{grid-template-columns:repeat(2,minmax(0,1fr));column-gap:2rem}
.two{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:0 1.25rem;align-items:start}
}
@media screen and (max-width:53.99rem){.accesses .when br{display:none}.accesses .when time{word-spacing:.3em}}
@media screen and (max-width:47.99rem){
.flow-parties li{font-size:.74rem;padding:0 .05rem .4rem}
.flow-parties .note{font-size:.6rem;white-space:nowrap}
.heat-name{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
}
@media print{
.filter,.pager{display:none}
.rows-status::after{content:" Printed are those that the page shows."}
.listed:not([open]),.accesses .proofs:not([open]){display:none}
.exception{break-inside:auto}
.exception:not(:has(tbody tr:nth-child(2))),.record,.card:has(svg),.unseen li{break-inside:avoid}
.rows tbody tr:first-child{break-before:avoid}
summary{break-after:avoid}
.rows{font-size:8pt}
.rows .hash,.proofs code{font-size:6.5pt}
.by-party{table-layout:fixed}.by-party th{width:8%;padding-right:.4rem}.by-party th:nth-child(1){width:19%}.by-party th:nth-child(2){width:23%}.by-party th:nth-child(3){width:15%}.by-party th:last-child{width:19%}
.by-party td:nth-child(3){min-width:0}.by-party .party{white-space:normal}
.stack,.covered,.cell{print-color-adjust:exact}
}
`;
