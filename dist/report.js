import { createRequire as __WEBPACK_EXTERNAL_createRequire } from "module";
/******/ // The require scope
/******/ var __nccwpck_require__ = {};
/******/ 
/************************************************************************/
/******/ /* webpack/runtime/define property getters */
/******/ (() => {
/******/ 	// define getter functions for harmony exports
/******/ 	__nccwpck_require__.d = (exports, definition) => {
/******/ 		for(var key in definition) {
/******/ 			if(__nccwpck_require__.o(definition, key) && !__nccwpck_require__.o(exports, key)) {
/******/ 				Object.defineProperty(exports, key, { enumerable: true, get: definition[key] });
/******/ 			}
/******/ 		}
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/hasOwnProperty shorthand */
/******/ (() => {
/******/ 	__nccwpck_require__.o = (obj, prop) => (Object.prototype.hasOwnProperty.call(obj, prop))
/******/ })();
/******/ 
/************************************************************************/
var __webpack_exports__ = {};

// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  x: () => (/* binding */ writePage)
});

;// CONCATENATED MODULE: external "node:fs/promises"
const promises_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs/promises");
;// CONCATENATED MODULE: external "node:path"
const external_node_path_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:path");
;// CONCATENATED MODULE: external "node:fs"
const external_node_fs_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs");
;// CONCATENATED MODULE: ./lib/src/report/rollback-page.js



/** More workflows are not looked at, and a longer one is no button. */
const most = { files: 100, characters: 100_000 };
/**
 * The page of the repository's workflow that rolls back, where its button is: one that people can start (`workflow_dispatch`), with a
 * step that has `mode: rollback`. Looked for in the files of the job, which are there only when the job has checked out the repository.
 */
async function rollbackPage(env) {
    const { GITHUB_WORKSPACE: workspace, GITHUB_REPOSITORY: repository, GITHUB_SERVER_URL: server } = env;
    if (workspace === undefined || !/^https:\/\/[\w.-]+(:\d+)?$/.test(server ?? ''))
        return undefined;
    if (!/^[\w.-]+\/[\w.-]+$/.test(repository ?? ''))
        return undefined;
    const folder = external_node_path_namespaceObject.join(workspace, '.github', 'workflows');
    for (const name of await workflowsIn(folder)) {
        if (await rollsBack(external_node_path_namespaceObject.join(folder, name)))
            return `${server}/${repository}/actions/workflows/${name}`;
    }
    return undefined;
}
async function workflowsIn(folder) {
    // A job that deploys an image needs no files of the repository.
    if (!(0,external_node_fs_namespaceObject.existsSync)(folder))
        return [];
    const names = (await (0,promises_namespaceObject.readdir)(folder)).filter(name => /^[\w.-]+\.ya?ml$/.test(name));
    return names.sort().slice(0, most.files);
}
async function rollsBack(file) {
    // A folder or a pipe of that name is no workflow.
    if (!(await (0,promises_namespaceObject.stat)(file)).isFile())
        return false;
    const workflow = (await (0,promises_namespaceObject.readFile)(file, 'utf8')).slice(0, most.characters);
    const lines = workflow.replace(/(^|\s)#.*$/gm, '');
    return /\bworkflow_dispatch\b/.test(lines) && /\bmode:\s*(['"]?)rollback\1\s*(?=$|[,}])/m.test(lines);
}

;// CONCATENATED MODULE: ./lib/src/report/page/assets.js
const readAssets = () => ({
  "library": "/*! https://github.com/leeoniya/uPlot (v1.6.32) */\nvar uPlot=function(){\"use strict\";const l=\"u-off\",e=\"u-label\",t=\"width\",n=\"height\",i=\"top\",o=\"bottom\",s=\"left\",r=\"right\",u=\"#000\",a=u+\"0\",f=\"mousemove\",c=\"mousedown\",h=\"mouseup\",d=\"mouseenter\",p=\"mouseleave\",m=\"dblclick\",g=\"change\",x=\"dppxchange\",w=\"--\",_=\"undefined\"!=typeof window,b=_?document:null,v=_?window:null,k=_?navigator:null;let y,M;function S(l,e){if(null!=e){let t=l.classList;!t.contains(e)&&t.add(e)}}function T(l,e){let t=l.classList;t.contains(e)&&t.remove(e)}function E(l,e,t){l.style[e]=t+\"px\"}function z(l,e,t,n){let i=b.createElement(l);return null!=e&&S(i,e),null!=t&&t.insertBefore(i,n),i}function D(l,e){return z(\"div\",l,e)}const P=new WeakMap;function A(e,t,n,i,o){let s=\"translate(\"+t+\"px,\"+n+\"px)\";s!=P.get(e)&&(e.style.transform=s,P.set(e,s),0>t||0>n||t>i||n>o?S(e,l):T(e,l))}const W=new WeakMap;function Y(l,e,t){let n=e+t;n!=W.get(l)&&(W.set(l,n),l.style.background=e,l.style.borderColor=t)}const C=new WeakMap;function H(l,e,t,n){let i=e+\"\"+t;i!=C.get(l)&&(C.set(l,i),l.style.height=t+\"px\",l.style.width=e+\"px\",l.style.marginLeft=n?-e/2+\"px\":0,l.style.marginTop=n?-t/2+\"px\":0)}const F={passive:!0},R={...F,capture:!0};function G(l,e,t,n){e.addEventListener(l,t,n?R:F)}function I(l,e,t){e.removeEventListener(l,t,F)}function L(l,e,t,n){let i;t=t||0;let o=2147483647>=(n=n||e.length-1);for(;n-t>1;)i=o?t+n>>1:sl((t+n)/2),l>e[i]?t=i:n=i;return l-e[t]>e[n]-l?n:t}function O(l){return(e,t,n)=>{let i=-1,o=-1;for(let o=t;n>=o;o++)if(l(e[o])){i=o;break}for(let i=n;i>=t;i--)if(l(e[i])){o=i;break}return[i,o]}}_&&function l(){let e=devicePixelRatio;y!=e&&(y=e,M&&I(g,M,l),M=matchMedia(`(min-resolution: ${y-.001}dppx) and (max-resolution: ${y+.001}dppx)`),G(g,M,l),v.dispatchEvent(new CustomEvent(x)))}();const N=l=>null!=l,j=l=>null!=l&&l>0,U=O(N),V=O(j);function B(l,e,t,n){let i=hl(l),o=hl(e);l==e&&(-1==i?(l*=t,e/=t):(l/=t,e*=t));let s=10==t?dl:pl,r=1==o?ul:sl,u=(1==i?sl:ul)(s(ol(l))),a=r(s(ol(e))),f=cl(t,u),c=cl(t,a);return 10==t&&(0>u&&(f=Al(f,-u)),0>a&&(c=Al(c,-a))),n||2==t?(l=f*i,e=c*o):(l=Pl(l,f),e=Dl(e,c)),[l,e]}function $(l,e,t,n){let i=B(l,e,t,n);return 0==l&&(i[0]=0),0==e&&(i[1]=0),i}const J=.1,q={mode:3,pad:J},K={pad:0,soft:null,mode:0},X={min:K,max:K};function Z(l,e,t,n){return Ol(t)?ll(l,e,t):(K.pad=t,K.soft=n?0:null,K.mode=n?3:0,ll(l,e,X))}function Q(l,e){return null==l?e:l}function ll(l,e,t){let n=t.min,i=t.max,o=Q(n.pad,0),s=Q(i.pad,0),r=Q(n.hard,-gl),u=Q(i.hard,gl),a=Q(n.soft,gl),f=Q(i.soft,-gl),c=Q(n.mode,0),h=Q(i.mode,0),d=e-l,p=dl(d),m=fl(ol(l),ol(e)),g=dl(m),x=ol(g-p);(1e-24>d||x>10)&&(d=0,0!=l&&0!=e||(d=1e-24,2==c&&a!=gl&&(o=0),2==h&&f!=-gl&&(s=0)));let w=d||m||1e3,_=dl(w),b=cl(10,sl(_)),v=Al(Pl(l-w*(0==d?0==l?.1:1:o),b/10),24),k=a>l||1!=c&&(3!=c||v>a)&&(2!=c||a>v)?gl:a,y=fl(r,k>v&&l>=k?k:al(k,v)),M=Al(Dl(e+w*(0==d?0==e?.1:1:s),b/10),24),S=e>f||1!=h&&(3!=h||f>M)&&(2!=h||M>f)?-gl:f,T=al(u,M>S&&S>=e?S:fl(S,M));return y==T&&0==y&&(T=100),[y,T]}const el=new Intl.NumberFormat(_?k.language:\"en-US\"),tl=l=>el.format(l),nl=Math,il=nl.PI,ol=nl.abs,sl=nl.floor,rl=nl.round,ul=nl.ceil,al=nl.min,fl=nl.max,cl=nl.pow,hl=nl.sign,dl=nl.log10,pl=nl.log2,ml=(l,e=1)=>nl.asinh(l/e),gl=1/0;function xl(l){return 1+(0|dl((l^l>>31)-(l>>31)))}function wl(l,e,t){return al(fl(l,e),t)}function _l(l){return\"function\"==typeof l}function bl(l){return _l(l)?l:()=>l}const vl=l=>l,kl=(l,e)=>e,yl=()=>null,Ml=()=>!0,Sl=(l,e)=>l==e,Tl=/\\.\\d*?(?=9{6,}|0{6,})/gm,El=l=>{if(Il(l)||Wl.has(l))return l;const e=\"\"+l,t=e.match(Tl);if(null==t)return l;let n=t[0].length-1;if(-1!=e.indexOf(\"e-\")){let[l,t]=e.split(\"e\");return+`${El(l)}e${t}`}return Al(l,n)};function zl(l,e){return El(Al(El(l/e))*e)}function Dl(l,e){return El(ul(El(l/e))*e)}function Pl(l,e){return El(sl(El(l/e))*e)}function Al(l,e=0){if(Il(l))return l;let t=10**e;return rl(l*t*(1+Number.EPSILON))/t}const Wl=new Map;function Yl(l){return((\"\"+l).split(\".\")[1]||\"\").length}function Cl(l,e,t,n){let i=[],o=n.map(Yl);for(let s=e;t>s;s++){let e=ol(s),t=Al(cl(l,s),e);for(let r=0;n.length>r;r++){let u=10==l?+`${n[r]}e${s}`:n[r]*t,a=(0>s?e:0)+(o[r]>s?o[r]:0),f=10==l?u:Al(u,a);i.push(f),Wl.set(f,a)}}return i}const Hl={},Fl=[],Rl=[null,null],Gl=Array.isArray,Il=Number.isInteger;function Ll(l){return\"string\"==typeof l}function Ol(l){let e=!1;if(null!=l){let t=l.constructor;e=null==t||t==Object}return e}function Nl(l){return null!=l&&\"object\"==typeof l}const jl=Object.getPrototypeOf(Uint8Array),Ul=\"__proto__\";function Vl(l,e=Ol){let t;if(Gl(l)){let n=l.find((l=>null!=l));if(Gl(n)||e(n)){t=Array(l.length);for(let n=0;l.length>n;n++)t[n]=Vl(l[n],e)}else t=l.slice()}else if(l instanceof jl)t=l.slice();else if(e(l)){t={};for(let n in l)n!=Ul&&(t[n]=Vl(l[n],e))}else t=l;return t}function Bl(l){let e=arguments;for(let t=1;e.length>t;t++){let n=e[t];for(let e in n)e!=Ul&&(Ol(l[e])?Bl(l[e],Vl(n[e])):l[e]=Vl(n[e]))}return l}function $l(l,e,t){for(let n,i=0,o=-1;e.length>i;i++){let s=e[i];if(s>o){for(n=s-1;n>=0&&null==l[n];)l[n--]=null;for(n=s+1;t>n&&null==l[n];)l[o=n++]=null}}}const Jl=\"undefined\"==typeof queueMicrotask?l=>Promise.resolve().then(l):queueMicrotask,ql=[\"January\",\"February\",\"March\",\"April\",\"May\",\"June\",\"July\",\"August\",\"September\",\"October\",\"November\",\"December\"],Kl=[\"Sunday\",\"Monday\",\"Tuesday\",\"Wednesday\",\"Thursday\",\"Friday\",\"Saturday\"];function Xl(l){return l.slice(0,3)}const Zl=Kl.map(Xl),Ql=ql.map(Xl),le={MMMM:ql,MMM:Ql,WWWW:Kl,WWW:Zl};function ee(l){return(10>l?\"0\":\"\")+l}const te={YYYY:l=>l.getFullYear(),YY:l=>(l.getFullYear()+\"\").slice(2),MMMM:(l,e)=>e.MMMM[l.getMonth()],MMM:(l,e)=>e.MMM[l.getMonth()],MM:l=>ee(l.getMonth()+1),M:l=>l.getMonth()+1,DD:l=>ee(l.getDate()),D:l=>l.getDate(),WWWW:(l,e)=>e.WWWW[l.getDay()],WWW:(l,e)=>e.WWW[l.getDay()],HH:l=>ee(l.getHours()),H:l=>l.getHours(),h:l=>{let e=l.getHours();return 0==e?12:e>12?e-12:e},AA:l=>12>l.getHours()?\"AM\":\"PM\",aa:l=>12>l.getHours()?\"am\":\"pm\",a:l=>12>l.getHours()?\"a\":\"p\",mm:l=>ee(l.getMinutes()),m:l=>l.getMinutes(),ss:l=>ee(l.getSeconds()),s:l=>l.getSeconds(),fff:l=>function(l){return(10>l?\"00\":100>l?\"0\":\"\")+l}(l.getMilliseconds())};function ne(l,e){e=e||le;let t,n=[],i=/\\{([a-z]+)\\}|[^{]+/gi;for(;t=i.exec(l);)n.push(\"{\"==t[0][0]?te[t[1]]:t[0]);return l=>{let t=\"\";for(let i=0;n.length>i;i++)t+=\"string\"==typeof n[i]?n[i]:n[i](l,e);return t}}const ie=(new Intl.DateTimeFormat).resolvedOptions().timeZone,oe=l=>l%1==0,se=[1,2,2.5,5],re=Cl(10,-32,0,se),ue=Cl(10,0,32,se),ae=ue.filter(oe),fe=re.concat(ue),ce=\"{YYYY}\",he=\"\\n\"+ce,de=\"{M}/{D}\",pe=\"\\n\"+de,me=pe+\"/{YY}\",ge=\"{aa}\",xe=\"{h}:{mm}\"+ge,we=\"\\n\"+xe,_e=\":{ss}\",be=null;function ve(l){let e=1e3*l,t=60*e,n=60*t,i=24*n,o=30*i,s=365*i;return[(1==l?Cl(10,0,3,se).filter(oe):Cl(10,-3,0,se)).concat([e,5*e,10*e,15*e,30*e,t,5*t,10*t,15*t,30*t,n,2*n,3*n,4*n,6*n,8*n,12*n,i,2*i,3*i,4*i,5*i,6*i,7*i,8*i,9*i,10*i,15*i,o,2*o,3*o,4*o,6*o,s,2*s,5*s,10*s,25*s,50*s,100*s]),[[s,ce,be,be,be,be,be,be,1],[28*i,\"{MMM}\",he,be,be,be,be,be,1],[i,de,he,be,be,be,be,be,1],[n,\"{h}\"+ge,me,be,pe,be,be,be,1],[t,xe,me,be,pe,be,be,be,1],[e,_e,me+\" \"+xe,be,pe+\" \"+xe,be,we,be,1],[l,_e+\".{fff}\",me+\" \"+xe,be,pe+\" \"+xe,be,we,be,1]],function(e){return(r,u,a,f,c,h)=>{let d=[],p=c>=s,m=c>=o&&s>c,g=e(a),x=Al(g*l,3),w=Pe(g.getFullYear(),p?0:g.getMonth(),m||p?1:g.getDate()),_=Al(w*l,3);if(m||p){let t=m?c/o:0,n=p?c/s:0,i=x==_?x:Al(Pe(w.getFullYear()+n,w.getMonth()+t,1)*l,3),r=new Date(rl(i/l)),u=r.getFullYear(),a=r.getMonth();for(let o=0;f>=i;o++){let s=Pe(u+n*o,a+t*o,1),r=s-e(Al(s*l,3));i=Al((+s+r)*l,3),i>f||d.push(i)}}else{let o=i>c?c:i,s=_+(sl(a)-sl(x))+Dl(x-_,o);d.push(s);let p=e(s),m=p.getHours()+p.getMinutes()/t+p.getSeconds()/n,g=c/n,w=h/r.axes[u]._space;for(;s=Al(s+c,1==l?0:3),f>=s;)if(g>1){let l=sl(Al(m+g,6))%24,t=e(s).getHours()-l;t>1&&(t=-1),s-=t*n,m=(m+g)%24,.7>Al((s-d[d.length-1])/c,3)*w||d.push(s)}else d.push(s)}return d}}]}const[ke,ye,Me]=ve(1),[Se,Te,Ee]=ve(.001);function ze(l,e){return l.map((l=>l.map(((t,n)=>0==n||8==n||null==t?t:e(1==n||0==l[8]?t:l[1]+t)))))}function De(l,e){return(t,n,i,o,s)=>{let r,u,a,f,c,h,d=e.find((l=>s>=l[0]))||e[e.length-1];return n.map((e=>{let t=l(e),n=t.getFullYear(),i=t.getMonth(),o=t.getDate(),s=t.getHours(),p=t.getMinutes(),m=t.getSeconds(),g=n!=r&&d[2]||i!=u&&d[3]||o!=a&&d[4]||s!=f&&d[5]||p!=c&&d[6]||m!=h&&d[7]||d[1];return r=n,u=i,a=o,f=s,c=p,h=m,g(t)}))}}function Pe(l,e,t){return new Date(l,e,t)}function Ae(l,e){return e(l)}function We(l,e){return(t,n,i,o)=>null==o?w:e(l(n))}Cl(2,-53,53,[1]);const Ye={show:!0,live:!0,isolate:!1,mount:()=>{},markers:{show:!0,width:2,stroke:function(l,e){let t=l.series[e];return t.width?t.stroke(l,e):t.points.width?t.points.stroke(l,e):null},fill:function(l,e){return l.series[e].fill(l,e)},dash:\"solid\"},idx:null,idxs:null,values:[]},Ce=[0,0];function He(l,e,t,n=!0){return l=>{0==l.button&&(!n||l.target==e)&&t(l)}}function Fe(l,e,t,n=!0){return l=>{(!n||l.target==e)&&t(l)}}const Re={show:!0,x:!0,y:!0,lock:!1,move:function(l,e,t){return Ce[0]=e,Ce[1]=t,Ce},points:{one:!1,show:function(l,e){let i=l.cursor.points,o=D(),s=i.size(l,e);E(o,t,s),E(o,n,s);let r=s/-2;E(o,\"marginLeft\",r),E(o,\"marginTop\",r);let u=i.width(l,e,s);return u&&E(o,\"borderWidth\",u),o},size:function(l,e){return l.series[e].points.size},width:0,stroke:function(l,e){let t=l.series[e].points;return t._stroke||t._fill},fill:function(l,e){let t=l.series[e].points;return t._fill||t._stroke}},bind:{mousedown:He,mouseup:He,click:He,dblclick:He,mousemove:Fe,mouseleave:Fe,mouseenter:Fe},drag:{setScale:!0,x:!0,y:!1,dist:0,uni:null,click:(l,e)=>{e.stopPropagation(),e.stopImmediatePropagation()},_x:!1,_y:!1},focus:{dist:(l,e,t,n,i)=>n-i,prox:-1,bias:0},hover:{skip:[void 0],prox:null,bias:0},left:-10,top:-10,idx:null,dataIdx:null,idxs:null,event:null},Ge={show:!0,stroke:\"rgba(0,0,0,0.07)\",width:2},Ie=Bl({},Ge,{filter:kl}),Le=Bl({},Ie,{size:10}),Oe=Bl({},Ge,{show:!1}),Ne='12px system-ui, -apple-system, \"Segoe UI\", Roboto, \"Helvetica Neue\", Arial, \"Noto Sans\", sans-serif, \"Apple Color Emoji\", \"Segoe UI Emoji\", \"Segoe UI Symbol\", \"Noto Color Emoji\"',je=\"bold \"+Ne,Ue={show:!0,scale:\"x\",stroke:u,space:50,gap:5,alignTo:1,size:50,labelGap:0,labelSize:30,labelFont:je,side:2,grid:Ie,ticks:Le,border:Oe,font:Ne,lineGap:1.5,rotate:0},Ve={show:!0,scale:\"x\",auto:!1,sorted:1,min:gl,max:-gl,idxs:[]};function Be(l,e){return e.map((l=>null==l?\"\":tl(l)))}function $e(l,e,t,n,i,o,s){let r=[],u=Wl.get(i)||0;for(let l=t=s?t:Al(Dl(t,i),u);n>=l;l=Al(l+i,u))r.push(Object.is(l,-0)?0:l);return r}function Je(l,e,t,n,i){const o=[],s=l.scales[l.axes[e].scale].log,r=sl((10==s?dl:pl)(t));i=cl(s,r),10==s&&(i=fe[L(i,fe)]);let u=t,a=i*s;10==s&&(a=fe[L(a,fe)]);do{o.push(u),u+=i,10!=s||Wl.has(u)||(u=Al(u,Wl.get(i))),a>u||(a=(i=u)*s,10==s&&(a=fe[L(a,fe)]))}while(n>=u);return o}function qe(l,e,t,n,i){let o=l.scales[l.axes[e].scale].asinh,s=n>o?Je(l,e,fl(o,t),n,i):[o],r=0>n||t>0?[]:[0];return(-o>t?Je(l,e,fl(o,-n),-t,i):[o]).reverse().map((l=>-l)).concat(r,s)}const Ke=/./,Xe=/[12357]/,Ze=/[125]/,Qe=/1/,lt=(l,e,t,n)=>l.map(((l,i)=>4==e&&0==l||i%n==0&&t.test(l.toExponential()[0>l?1:0])?l:null));function et(l,e,t){let n=l.axes[t],i=n.scale,o=l.scales[i],s=l.valToPos,r=n._space,u=s(10,i),a=s(9,i)-u<r?s(7,i)-u<r?s(5,i)-u<r?Qe:Ze:Xe:Ke;if(a==Qe){let l=ol(s(1,i)-u);if(r>l)return lt(e.slice().reverse(),o.distr,a,ul(r/l)).reverse()}return lt(e,o.distr,a,1)}function tt(l,e,t){let n=l.axes[t],i=n.scale,o=n._space,s=l.valToPos,r=ol(s(1,i)-s(2,i));return o>r?lt(e.slice().reverse(),3,Ke,ul(o/r)).reverse():e}function nt(l,e,t,n){return null==n?w:null==e?\"\":tl(e)}const it={show:!0,scale:\"y\",stroke:u,space:30,gap:5,alignTo:1,size:50,labelGap:0,labelSize:30,labelFont:je,side:3,grid:Ie,ticks:Le,border:Oe,font:Ne,lineGap:1.5,rotate:0},ot={scale:null,auto:!0,sorted:0,min:gl,max:-gl},st=(l,e,t,n,i)=>i,rt={show:!0,auto:!0,sorted:0,gaps:st,alpha:1,facets:[Bl({},ot,{scale:\"x\"}),Bl({},ot,{scale:\"y\"})]},ut={scale:\"y\",auto:!0,sorted:0,show:!0,spanGaps:!1,gaps:st,alpha:1,points:{show:function(l,e){let{scale:t,idxs:n}=l.series[0],i=l._data[0],o=l.valToPos(i[n[0]],t,!0),s=l.valToPos(i[n[1]],t,!0);return ol(s-o)/(l.series[e].points.space*y)>=n[1]-n[0]},filter:null},values:null,min:gl,max:-gl,idxs:[],path:null,clip:null};function at(l,e,t){return t/10}const ft={time:!0,auto:!0,distr:1,log:10,asinh:1,min:null,max:null,dir:1,ori:0},ct=Bl({},ft,{time:!1,ori:1}),ht={};function dt(l){let e=ht[l];return e||(e={key:l,plots:[],sub(l){e.plots.push(l)},unsub(l){e.plots=e.plots.filter((e=>e!=l))},pub(l,t,n,i,o,s,r){for(let u=0;e.plots.length>u;u++)e.plots[u]!=t&&e.plots[u].pub(l,t,n,i,o,s,r)}},null!=l&&(ht[l]=e)),e}function pt(l,e,t){const n=l.mode,i=l.series[e],o=2==n?l._data[e]:l._data,s=l.scales,r=l.bbox;let u=o[0],a=2==n?o[1]:o[e],f=2==n?s[i.facets[0].scale]:s[l.series[0].scale],c=2==n?s[i.facets[1].scale]:s[i.scale],h=r.left,d=r.top,p=r.width,m=r.height,g=l.valToPosH,x=l.valToPosV;return 0==f.ori?t(i,u,a,f,c,g,x,h,d,p,m,kt,Mt,Tt,zt,Pt):t(i,u,a,f,c,x,g,d,h,m,p,yt,St,Et,Dt,At)}function mt(l,e){let t=0,n=0,i=Q(l.bands,Fl);for(let l=0;i.length>l;l++){let o=i[l];o.series[0]==e?t=o.dir:o.series[1]==e&&(n|=1==o.dir?1:2)}return[t,1==n?-1:2==n?1:3==n?2:0]}function gt(l,e,t,n,i){let o=l.series[e],s=l.scales[2==l.mode?o.facets[1].scale:o.scale];return-1==i?s.min:1==i?s.max:3==s.distr?1==s.dir?s.min:s.max:0}function xt(l,e,t,n,i,o){return pt(l,e,((l,e,s,r,u,a,f,c,h,d,p)=>{let m=l.pxRound;const g=0==r.ori?Mt:St;let x,w;1==r.dir*(0==r.ori?1:-1)?(x=t,w=n):(x=n,w=t);let _=m(a(e[x],r,d,c)),b=m(f(s[x],u,p,h)),v=m(a(e[w],r,d,c)),k=m(f(1==o?u.max:u.min,u,p,h)),y=new Path2D(i);return g(y,v,k),g(y,_,k),g(y,_,b),y}))}function wt(l,e,t,n,i,o){let s=null;if(l.length>0){s=new Path2D;const r=0==e?Tt:Et;let u=t;for(let e=0;l.length>e;e++){let t=l[e];if(t[1]>t[0]){let l=t[0]-u;l>0&&r(s,u,n,l,n+o),u=t[1]}}let a=t+i-u,f=10;a>0&&r(s,u,n-f/2,a,n+o+f)}return s}function _t(l,e,t,n,i,o,s){let r=[],u=l.length;for(let a=1==i?t:n;a>=t&&n>=a;a+=i)if(null===e[a]){let f=a,c=a;if(1==i)for(;++a<=n&&null===e[a];)c=a;else for(;--a>=t&&null===e[a];)c=a;let h=o(l[f]),d=c==f?h:o(l[c]),p=f-i;h=s>0||0>p||p>=u?h:o(l[p]);let m=c+i;d=0>s||0>m||m>=u?d:o(l[m]),h>d||r.push([h,d])}return r}function bt(l){return 0==l?vl:1==l?rl:e=>zl(e,l)}function vt(l){let e=0==l?kt:yt,t=0==l?(l,e,t,n,i,o)=>{l.arcTo(e,t,n,i,o)}:(l,e,t,n,i,o)=>{l.arcTo(t,e,i,n,o)},n=0==l?(l,e,t,n,i)=>{l.rect(e,t,n,i)}:(l,e,t,n,i)=>{l.rect(t,e,i,n)};return(l,i,o,s,r,u=0,a=0)=>{0==u&&0==a?n(l,i,o,s,r):(u=al(u,s/2,r/2),a=al(a,s/2,r/2),e(l,i+u,o),t(l,i+s,o,i+s,o+r,u),t(l,i+s,o+r,i,o+r,a),t(l,i,o+r,i,o,a),t(l,i,o,i+s,o,u),l.closePath())}}const kt=(l,e,t)=>{l.moveTo(e,t)},yt=(l,e,t)=>{l.moveTo(t,e)},Mt=(l,e,t)=>{l.lineTo(e,t)},St=(l,e,t)=>{l.lineTo(t,e)},Tt=vt(0),Et=vt(1),zt=(l,e,t,n,i,o)=>{l.arc(e,t,n,i,o)},Dt=(l,e,t,n,i,o)=>{l.arc(t,e,n,i,o)},Pt=(l,e,t,n,i,o,s)=>{l.bezierCurveTo(e,t,n,i,o,s)},At=(l,e,t,n,i,o,s)=>{l.bezierCurveTo(t,e,i,n,s,o)};function Wt(){return(l,e,t,n,i)=>pt(l,e,((e,o,s,r,u,a,f,c,h,d,p)=>{let m,g,{pxRound:x,points:w}=e;0==r.ori?(m=kt,g=zt):(m=yt,g=Dt);const _=Al(w.width*y,3);let b=(w.size-w.width)/2*y,v=Al(2*b,3),k=new Path2D,M=new Path2D,{left:S,top:T,width:E,height:z}=l.bbox;Tt(M,S-v,T-v,E+2*v,z+2*v);const D=l=>{if(null!=s[l]){let e=x(a(o[l],r,d,c)),t=x(f(s[l],u,p,h));m(k,e+b,t),g(k,e,t,b,0,2*il)}};if(i)i.forEach(D);else for(let l=t;n>=l;l++)D(l);return{stroke:_>0?k:null,fill:k,clip:M,flags:3}}))}function Yt(l){return(e,t,n,i,o,s)=>{n!=i&&(o!=n&&s!=n&&l(e,t,n),o!=i&&s!=i&&l(e,t,i),l(e,t,s))}}const Ct=Yt(Mt),Ht=Yt(St);function Ft(l){const e=Q(l?.alignGaps,0);return(l,t,n,i)=>pt(l,t,((o,s,r,u,a,f,c,h,d,p,m)=>{[n,i]=U(r,n,i);let g,x,w=o.pxRound,_=l=>w(f(l,u,p,h)),b=l=>w(c(l,a,m,d));0==u.ori?(g=Mt,x=Ct):(g=St,x=Ht);const v=u.dir*(0==u.ori?1:-1),k={stroke:new Path2D,fill:null,clip:null,band:null,gaps:null,flags:1},y=k.stroke;let M=!1;if(i-n<4*p)for(let l=1==v?n:i;l>=n&&i>=l;l+=v){let e=r[l];null===e?M=!0:null!=e&&g(y,_(s[l]),b(e))}else{let e,t,o,a=e=>l.posToVal(e,u.key,!0),f=null,c=null,h=_(s[1==v?n:i]),d=_(s[n]),p=_(s[i]),m=a(1==v?d+1:p-1);for(let l=1==v?n:i;l>=n&&i>=l;l+=v){let n=s[l],i=(1==v?m>n:n>m)?h:_(n),o=r[l];i==h?null!=o?(t=o,null==f?(g(y,i,b(t)),e=f=c=t):f>t?f=t:t>c&&(c=t)):null===o&&(M=!0):(null!=f&&x(y,h,b(f),b(c),b(e),b(t)),null!=o?(t=o,g(y,i,b(t)),f=c=e=t):(f=c=null,null===o&&(M=!0)),h=i,m=a(h+v))}null!=f&&f!=c&&o!=h&&x(y,h,b(f),b(c),b(e),b(t))}let[S,T]=mt(l,t);if(null!=o.fill||0!=S){let e=k.fill=new Path2D(y),r=b(o.fillTo(l,t,o.min,o.max,S)),u=_(s[n]),a=_(s[i]);-1==v&&([a,u]=[u,a]),g(e,a,r),g(e,u,r)}if(!o.spanGaps){let a=[];M&&a.push(..._t(s,r,n,i,v,_,e)),k.gaps=a=o.gaps(l,t,n,i,a),k.clip=wt(a,u.ori,h,d,p,m)}return 0!=T&&(k.band=2==T?[xt(l,t,n,i,y,-1),xt(l,t,n,i,y,1)]:xt(l,t,n,i,y,T)),k}))}function Rt(l,e,t,n,i,o,s=gl){if(l.length>1){let r=null;for(let u=0,a=1/0;l.length>u;u++)if(void 0!==e[u]){if(null!=r){let e=ol(l[u]-l[r]);a>e&&(a=e,s=ol(t(l[u],n,i,o)-t(l[r],n,i,o)))}r=u}}return s}function Gt(l,e,t,n,i){const o=l.length;if(2>o)return null;const s=new Path2D;if(t(s,l[0],e[0]),2==o)n(s,l[1],e[1]);else{let t=Array(o),n=Array(o-1),r=Array(o-1),u=Array(o-1);for(let t=0;o-1>t;t++)r[t]=e[t+1]-e[t],u[t]=l[t+1]-l[t],n[t]=r[t]/u[t];t[0]=n[0];for(let l=1;o-1>l;l++)0===n[l]||0===n[l-1]||n[l-1]>0!=n[l]>0?t[l]=0:(t[l]=3*(u[l-1]+u[l])/((2*u[l]+u[l-1])/n[l-1]+(u[l]+2*u[l-1])/n[l]),isFinite(t[l])||(t[l]=0));t[o-1]=n[o-2];for(let n=0;o-1>n;n++)i(s,l[n]+u[n]/3,e[n]+t[n]*u[n]/3,l[n+1]-u[n]/3,e[n+1]-t[n+1]*u[n]/3,l[n+1],e[n+1])}return s}const It=new Set;function Lt(){for(let l of It)l.syncRect(!0)}_&&(G(\"resize\",v,Lt),G(\"scroll\",v,Lt,!0),G(x,v,(()=>{en.pxRatio=y})));const Ot=Ft(),Nt=Wt();function jt(l,e,t,n){return(n?[l[0],l[1]].concat(l.slice(2)):[l[0]].concat(l.slice(1))).map(((l,n)=>Ut(l,n,e,t)))}function Ut(l,e,t,n){return Bl({},0==e?t:n,l)}function Vt(l,e,t){return null==e?Rl:[e,t]}const Bt=Vt;function $t(l,e,t){return null==e?Rl:Z(e,t,J,!0)}function Jt(l,e,t,n){return null==e?Rl:B(e,t,l.scales[n].log,!1)}const qt=Jt;function Kt(l,e,t,n){return null==e?Rl:$(e,t,l.scales[n].log,!1)}const Xt=Kt;function Zt(l,e,t,n,i){let o=fl(xl(l),xl(e)),s=e-l,r=L(i/n*s,t);do{let l=t[r],e=n*l/s;if(e>=i&&17>=o+(5>l?Wl.get(l):0))return[l,e]}while(++r<t.length);return[0,0]}function Qt(l){let e,t;return[l=l.replace(/(\\d+)px/,((l,n)=>(e=rl((t=+n)*y))+\"px\")),e,t]}function ln(l){l.show&&[l.font,l.labelFont].forEach((l=>{let e=Al(l[2]*y,1);l[0]=l[0].replace(/[0-9.]+px/,e+\"px\"),l[1]=e}))}function en(u,g,_){const k={mode:Q(u.mode,1)},M=k.mode;function P(l,e,t,n){let i=e.valToPct(l);return n+t*(-1==e.dir?1-i:i)}function W(l,e,t,n){let i=e.valToPct(l);return n+t*(-1==e.dir?i:1-i)}function C(l,e,t,n){return 0==e.ori?P(l,e,t,n):W(l,e,t,n)}k.valToPosH=P,k.valToPosV=W;let F=!1;k.status=0;const R=k.root=D(\"uplot\");null!=u.id&&(R.id=u.id),S(R,u.class),u.title&&(D(\"u-title\",R).textContent=u.title);const O=z(\"canvas\"),K=k.ctx=O.getContext(\"2d\"),X=D(\"u-wrap\",R);G(\"click\",X,(l=>{l.target===el&&(Nn!=Gn||jn!=In)&&Zn.click(k,l)}),!0);const ll=k.under=D(\"u-under\",X);X.appendChild(O);const el=k.over=D(\"u-over\",X),tl=+Q((u=Vl(u)).pxAlign,1),sl=bt(tl);(u.plugins||[]).forEach((l=>{l.opts&&(u=l.opts(k,u)||u)}));const hl=u.ms||.001,pl=k.series=1==M?jt(u.series||[],Ve,ut,!1):function(l,e){return l.map(((l,t)=>0==t?{}:Bl({},e,l)))}(u.series||[null],rt),xl=k.axes=jt(u.axes||[],Ue,it,!0),vl=k.scales={},Tl=k.bands=u.bands||[];Tl.forEach((l=>{l.fill=bl(l.fill||null),l.dir=Q(l.dir,-1)}));const El=2==M?pl[1].facets[0].scale:pl[0].scale,Dl={axes:function(){for(let l=0;xl.length>l;l++){let e=xl[l];if(!e.show||!e._show)continue;let t,n,u=e.side,a=u%2,f=e.stroke(k,l),c=0==u||3==u?-1:1,[h,d]=e._found;if(null!=e.label){let s=rl((e._lpos+e.labelGap*c)*y);_n(e.labelFont[0],f,\"center\",2==u?i:o),K.save(),1==a?(t=n=0,K.translate(s,rl(lt+st/2)),K.rotate((3==u?-il:il)/2)):(t=rl(Qe+ot/2),n=s);let r=_l(e.label)?e.label(k,l,h,d):e.label;K.fillText(r,t,n),K.restore()}if(0==d)continue;let p=vl[e.scale],m=0==a?ot:st,g=0==a?Qe:lt,x=e._splits,w=2==p.distr?x.map((l=>pn[l])):x,_=2==p.distr?pn[x[1]]-pn[x[0]]:h,b=e.ticks,v=e.border,M=b.show?b.size:0,S=rl(M*y),T=rl((2==e.alignTo?e._size-M-e.gap:e.gap)*y),E=e._rotate*-il/180,z=sl(e._pos*y),D=z+(S+T)*c;n=0==a?D:0,t=1==a?D:0,_n(e.font[0],f,1==e.align?s:2==e.align?r:E>0?s:0>E?r:0==a?\"center\":3==u?r:s,E||1==a?\"middle\":2==u?i:o);let P=e.font[1]*e.lineGap,A=x.map((l=>sl(C(l,p,m,g)))),W=e._values;for(let l=0;W.length>l;l++){let e=W[l];if(null!=e){0==a?t=A[l]:n=A[l],e=\"\"+e;let i=-1==e.indexOf(\"\\n\")?[e]:e.split(/\\n/gm);for(let l=0;i.length>l;l++){let e=i[l];E?(K.save(),K.translate(t,n+l*P),K.rotate(E),K.fillText(e,0,0),K.restore()):K.fillText(e,t,n+l*P)}}}b.show&&zn(A,b.filter(k,w,l,d,_),a,u,z,S,Al(b.width*y,3),b.stroke(k,l),b.dash,b.cap);let Y=e.grid;Y.show&&zn(A,Y.filter(k,w,l,d,_),a,0==a?2:1,0==a?lt:Qe,0==a?st:ot,Al(Y.width*y,3),Y.stroke(k,l),Y.dash,Y.cap),v.show&&zn([z],[1],0==a?1:0,0==a?1:2,1==a?lt:Qe,1==a?st:ot,Al(v.width*y,3),v.stroke(k,l),v.dash,v.cap)}Ci(\"drawAxes\")},series:function(){if(Gt>0){let l=pl.some((l=>l._focus))&&dn!=Tt.alpha;l&&(K.globalAlpha=dn=Tt.alpha),pl.forEach(((l,e)=>{if(e>0&&l.show&&(kn(e,!1),kn(e,!0),null==l._paths)){let t=dn;dn!=l.alpha&&(K.globalAlpha=dn=l.alpha);let n=2==M?[0,g[e][0].length-1]:function(l){let e=wl(Lt-1,0,Gt-1),t=wl(en+1,0,Gt-1);for(;null==l[e]&&e>0;)e--;for(;null==l[t]&&Gt-1>t;)t++;return[e,t]}(g[e]);l._paths=l.paths(k,e,n[0],n[1]),dn!=t&&(K.globalAlpha=dn=t)}})),pl.forEach(((l,e)=>{if(e>0&&l.show){let t=dn;dn!=l.alpha&&(K.globalAlpha=dn=l.alpha),null!=l._paths&&yn(e,!1);{let t=null!=l._paths?l._paths.gaps:null,n=l.points.show(k,e,Lt,en,t),i=l.points.filter(k,e,n,t);(n||i)&&(l.points._paths=l.points.paths(k,e,Lt,en,i),yn(e,!0))}dn!=t&&(K.globalAlpha=dn=t),Ci(\"drawSeries\",e)}})),l&&(K.globalAlpha=dn=1)}}},Pl=(u.drawOrder||[\"axes\",\"series\"]).map((l=>Dl[l]));function Cl(l){const e=3==l.distr?e=>dl(e>0?e:l.clamp(k,e,l.min,l.max,l.key)):4==l.distr?e=>ml(e,l.asinh):100==l.distr?e=>l.fwd(e):l=>l;return t=>{let n=e(t),{_min:i,_max:o}=l;return(n-i)/(o-i)}}function Il(l){let e=vl[l];if(null==e){let t=(u.scales||Hl)[l]||Hl;if(null!=t.from){Il(t.from);let e=Bl({},vl[t.from],t,{key:l});e.valToPct=Cl(e),vl[l]=e}else{e=vl[l]=Bl({},l==El?ft:ct,t),e.key=l;let n=e.time,i=e.range,o=Gl(i);if((l!=El||2==M&&!n)&&(!o||null!=i[0]&&null!=i[1]||(i={min:null==i[0]?q:{mode:1,hard:i[0],soft:i[0]},max:null==i[1]?q:{mode:1,hard:i[1],soft:i[1]}},o=!1),!o&&Ol(i))){let l=i;i=(e,t,n)=>null==t?Rl:Z(t,n,l)}e.range=bl(i||(n?Bt:l==El?3==e.distr?qt:4==e.distr?Xt:Vt:3==e.distr?Jt:4==e.distr?Kt:$t)),e.auto=bl(!o&&e.auto),e.clamp=bl(e.clamp||at),e._min=e._max=null,e.valToPct=Cl(e)}}}Il(\"x\"),Il(\"y\"),1==M&&pl.forEach((l=>{Il(l.scale)})),xl.forEach((l=>{Il(l.scale)}));for(let l in u.scales)Il(l);const jl=vl[El],Ul=jl.distr;let $l,ql;0==jl.ori?(S(R,\"u-hz\"),$l=P,ql=W):(S(R,\"u-vt\"),$l=W,ql=P);const Kl={};for(let l in vl){let e=vl[l];null==e.min&&null==e.max||(Kl[l]={min:e.min,max:e.max},e.min=e.max=null)}const Xl=u.tzDate||(l=>new Date(rl(l/hl))),Zl=u.fmtDate||ne,Ql=1==hl?Me(Xl):Ee(Xl),le=De(Xl,ze(1==hl?ye:Te,Zl)),ee=We(Xl,Ae(\"{YYYY}-{MM}-{DD} {h}:{mm}{aa}\",Zl)),te=[],ie=k.legend=Bl({},Ye,u.legend),oe=k.cursor=Bl({},Re,{drag:{y:2==M}},u.cursor),se=ie.show,re=oe.show,ue=ie.markers;let ce,he,de;ie.idxs=te,ue.width=bl(ue.width),ue.dash=bl(ue.dash),ue.stroke=bl(ue.stroke),ue.fill=bl(ue.fill);let pe,me=[],ge=[],xe=!1,we={};if(ie.live){const l=pl[1]?pl[1].values:null;xe=null!=l,pe=xe?l(k,1,0):{_:0};for(let l in pe)we[l]=w}if(se)if(ce=z(\"table\",\"u-legend\",R),de=z(\"tbody\",null,ce),ie.mount(k,ce),xe){he=z(\"thead\",null,ce,de);let l=z(\"tr\",null,he);for(var _e in z(\"th\",null,l),pe)z(\"th\",e,l).textContent=_e}else S(ce,\"u-inline\"),ie.live&&S(ce,\"u-live\");const be={show:!0},ve={show:!1},Pe=new Map;function Ce(l,e,t,n=!0){const i=Pe.get(e)||{},o=oe.bind[l](k,e,t,n);o&&(G(l,e,i[l]=o),Pe.set(e,i))}function He(l,e){const t=Pe.get(e)||{};for(let n in t)null!=l&&n!=l||(I(n,e,t[n]),delete t[n]);null==l&&Pe.delete(e)}let Fe=0,Ge=0,Ie=0,Le=0,Oe=0,Ne=0,je=Oe,Ke=Ne,Xe=Ie,Ze=Le,Qe=0,lt=0,ot=0,st=0;k.bbox={};let ht=!1,pt=!1,mt=!1,xt=!1,wt=!1,_t=!1;function vt(l,e,t){(t||l!=k.width||e!=k.height)&&kt(l,e),An(!1),mt=!0,pt=!0,Jn()}function kt(l,e){k.width=Fe=Ie=l,k.height=Ge=Le=e,Oe=Ne=0,function(){let l=!1,e=!1,t=!1,n=!1;xl.forEach((i=>{if(i.show&&i._show){let{side:o,_size:s}=i,r=s+(null!=i.label?i.labelSize:0);r>0&&(o%2?(Ie-=r,3==o?(Oe+=r,n=!0):t=!0):(Le-=r,0==o?(Ne+=r,l=!0):e=!0))}})),Ct[0]=l,Ct[1]=t,Ct[2]=e,Ct[3]=n,Ie-=Rt[1]+Rt[3],Oe+=Rt[3],Le-=Rt[2]+Rt[0],Ne+=Rt[0]}(),function(){let l=Oe+Ie,e=Ne+Le,t=Oe,n=Ne;function i(i,o){switch(i){case 1:return l+=o,l-o;case 2:return e+=o,e-o;case 3:return t-=o,t+o;case 0:return n-=o,n+o}}xl.forEach((l=>{if(l.show&&l._show){let e=l.side;l._pos=i(e,l._size),null!=l.label&&(l._lpos=i(e,l.labelSize))}}))}();let t=k.bbox;Qe=t.left=zl(Oe*y,.5),lt=t.top=zl(Ne*y,.5),ot=t.width=zl(Ie*y,.5),st=t.height=zl(Le*y,.5)}const yt=3;if(k.setSize=function({width:l,height:e}){vt(l,e)},null==oe.dataIdx){let l=oe.hover,e=l.skip=new Set(l.skip??[]);e.add(void 0);let t=l.prox=bl(l.prox),n=l.bias??=0;oe.dataIdx=(l,i,o,s)=>{if(0==i)return o;let r=o,u=t(l,i,o,s)??gl,a=u>=0&&gl>u,f=0==jl.ori?Ie:Le,c=oe.left,h=g[0],d=g[i];if(e.has(d[o])){r=null;let l,t=null,i=null;if(0==n||-1==n)for(l=o;null==t&&l-- >0;)e.has(d[l])||(t=l);if(0==n||1==n)for(l=o;null==i&&l++<d.length;)e.has(d[l])||(i=l);if(null!=t||null!=i)if(a){let l=c-(null==t?-1/0:$l(h[t],jl,f,0)),e=(null==i?1/0:$l(h[i],jl,f,0))-c;l>e?e>u||(r=i):l>u||(r=t)}else r=null==i?t:null==t||o-t>i-o?i:t}else a&&ol(c-$l(h[o],jl,f,0))>u&&(r=null);return r}}const Mt=l=>{oe.event=l};oe.idxs=te,oe._lock=!1;let St=oe.points;St.show=bl(St.show),St.size=bl(St.size),St.stroke=bl(St.stroke),St.width=bl(St.width),St.fill=bl(St.fill);const Tt=k.focus=Bl({},u.focus||{alpha:.3},oe.focus),Et=Tt.prox>=0,zt=Et&&St.one;let Dt=[],Pt=[],At=[];function Wt(l,e){let t=St.show(k,e);if(t instanceof HTMLElement)return S(t,\"u-cursor-pt\"),S(t,l.class),A(t,-10,-10,Ie,Le),el.insertBefore(t,Dt[e]),t}function Yt(t,n){if(1==M||n>0){let l=1==M&&vl[t.scale].time,e=t.value;t.value=l?Ll(e)?We(Xl,Ae(e,Zl)):e||ee:e||nt,t.label=t.label||(l?\"Time\":\"Value\")}if(zt||n>0){t.width=null==t.width?1:t.width,t.paths=t.paths||Ot||yl,t.fillTo=bl(t.fillTo||gt),t.pxAlign=+Q(t.pxAlign,tl),t.pxRound=bt(t.pxAlign),t.stroke=bl(t.stroke||null),t.fill=bl(t.fill||null),t._stroke=t._fill=t._paths=t._focus=null;let l=function(l){return Al(1*(3+2*(l||1)),3)}(fl(1,t.width)),e=t.points=Bl({},{size:l,width:fl(1,.2*l),stroke:t.stroke,space:2*l,paths:Nt,_stroke:null,_fill:null},t.points);e.show=bl(e.show),e.filter=bl(e.filter),e.fill=bl(e.fill),e.stroke=bl(e.stroke),e.paths=bl(e.paths),e.pxAlign=t.pxAlign}if(se){let i=function(t,n){if(0==n&&(xe||!ie.live||2==M))return Rl;let i=[],o=z(\"tr\",\"u-series\",de,de.childNodes[n]);S(o,t.class),t.show||S(o,l);let s=z(\"th\",null,o);if(ue.show){let l=D(\"u-marker\",s);if(n>0){let e=ue.width(k,n);e&&(l.style.border=e+\"px \"+ue.dash(k,n)+\" \"+ue.stroke(k,n)),l.style.background=ue.fill(k,n)}}let r=D(e,s);for(var u in t.label instanceof HTMLElement?r.appendChild(t.label):r.textContent=t.label,n>0&&(ue.show||(r.style.color=t.width>0?ue.stroke(k,n):ue.fill(k,n)),Ce(\"click\",s,(l=>{if(oe._lock)return;Mt(l);let e=pl.indexOf(t);if((l.ctrlKey||l.metaKey)!=ie.isolate){let l=pl.some(((l,t)=>t>0&&t!=e&&l.show));pl.forEach(((t,n)=>{n>0&&oi(n,l?n==e?be:ve:be,!0,Fi.setSeries)}))}else oi(e,{show:!t.show},!0,Fi.setSeries)}),!1),Et&&Ce(d,s,(l=>{oe._lock||(Mt(l),oi(pl.indexOf(t),ai,!0,Fi.setSeries))}),!1)),pe){let l=z(\"td\",\"u-value\",o);l.textContent=\"--\",i.push(l)}return[o,i]}(t,n);me.splice(n,0,i[0]),ge.splice(n,0,i[1]),ie.values.push(null)}if(re){te.splice(n,0,null);let l=null;zt?0==n&&(l=Wt(t,n)):n>0&&(l=Wt(t,n)),Dt.splice(n,0,l),Pt.splice(n,0,0),At.splice(n,0,0)}Ci(\"addSeries\",n)}k.addSeries=function(l,e){e=null==e?pl.length:e,l=1==M?Ut(l,e,Ve,ut):Ut(l,e,{},rt),pl.splice(e,0,l),Yt(pl[e],e)},k.delSeries=function(l){if(pl.splice(l,1),se){ie.values.splice(l,1),ge.splice(l,1);let e=me.splice(l,1)[0];He(null,e.firstChild),e.remove()}re&&(te.splice(l,1),Dt.splice(l,1)[0].remove(),Pt.splice(l,1),At.splice(l,1)),Ci(\"delSeries\",l)};const Ct=[!1,!1,!1,!1];function Ht(l,e,t){let[n,i,o,s]=t,r=e%2,u=0;return 0==r&&(s||i)&&(u=0==e&&!n||2==e&&!o?rl(Ue.size/3):0),1==r&&(n||o)&&(u=1==e&&!i||3==e&&!s?rl(it.size/2):0),u}const Ft=k.padding=(u.padding||[Ht,Ht,Ht,Ht]).map((l=>bl(Q(l,Ht)))),Rt=k._padding=Ft.map(((l,e)=>l(k,e,Ct,0)));let Gt,Lt=null,en=null;const tn=1==M?pl[0].idxs:null;let nn,on,sn,rn,un,an,fn,cn,hn,dn,pn=null,mn=!1;function gn(l,e){if(k.data=k._data=g=null==l?[]:l,2==M){Gt=0;for(let l=1;pl.length>l;l++)Gt+=g[l][0].length}else{0==g.length&&(k.data=k._data=g=[[]]),pn=g[0],Gt=pn.length;let l=g;if(2==Ul){l=g.slice();let e=l[0]=Array(Gt);for(let l=0;Gt>l;l++)e[l]=l}k._data=g=l}if(An(!0),Ci(\"setData\"),2==Ul&&(mt=!0),!1!==e){let l=jl;l.auto(k,mn)?xn():ii(El,l.min,l.max),xt=xt||oe.left>=0,_t=!0,Jn()}}function xn(){let l,e;mn=!0,1==M&&(Gt>0?(Lt=tn[0]=0,en=tn[1]=Gt-1,l=g[0][Lt],e=g[0][en],2==Ul?(l=Lt,e=en):l==e&&(3==Ul?[l,e]=B(l,l,jl.log,!1):4==Ul?[l,e]=$(l,l,jl.log,!1):jl.time?e=l+rl(86400/hl):[l,e]=Z(l,e,J,!0))):(Lt=tn[0]=l=null,en=tn[1]=e=null)),ii(El,l,e)}function wn(l,e,t,n,i,o){l??=a,t??=Fl,n??=\"butt\",i??=a,o??=\"round\",l!=nn&&(K.strokeStyle=nn=l),i!=on&&(K.fillStyle=on=i),e!=sn&&(K.lineWidth=sn=e),o!=un&&(K.lineJoin=un=o),n!=an&&(K.lineCap=an=n),t!=rn&&K.setLineDash(rn=t)}function _n(l,e,t,n){e!=on&&(K.fillStyle=on=e),l!=fn&&(K.font=fn=l),t!=cn&&(K.textAlign=cn=t),n!=hn&&(K.textBaseline=hn=n)}function bn(l,e,t,n,i=0){if(n.length>0&&l.auto(k,mn)&&(null==e||null==e.min)){let e=Q(Lt,0),o=Q(en,n.length-1),s=null==t.min?function(l,e,t,n=0,i=!1){let o=i?V:U,s=i?j:N;[e,t]=o(l,e,t);let r=l[e],u=l[e];if(e>-1)if(1==n)r=l[e],u=l[t];else if(-1==n)r=l[t],u=l[e];else for(let n=e;t>=n;n++){let e=l[n];s(e)&&(r>e?r=e:e>u&&(u=e))}return[r??gl,u??-gl]}(n,e,o,i,3==l.distr):[t.min,t.max];l.min=al(l.min,t.min=s[0]),l.max=fl(l.max,t.max=s[1])}}k.setData=gn;const vn={min:null,max:null};function kn(l,e){let t=e?pl[l].points:pl[l];t._stroke=t.stroke(k,l),t._fill=t.fill(k,l)}function yn(l,e){let t=e?pl[l].points:pl[l],{stroke:n,fill:i,clip:o,flags:s,_stroke:r=t._stroke,_fill:u=t._fill,_width:a=t.width}=t._paths;a=Al(a*y,3);let f=null,c=a%2/2;e&&null==u&&(u=a>0?\"#fff\":r);let h=1==t.pxAlign&&c>0;if(h&&K.translate(c,c),!e){let l=Qe-a/2,e=lt-a/2,t=ot+a,n=st+a;f=new Path2D,f.rect(l,e,t,n)}e?Sn(r,a,t.dash,t.cap,u,n,i,s,o):function(l,e,t,n,i,o,s,r,u,a,f){let c=!1;0!=u&&Tl.forEach(((h,d)=>{if(h.series[0]==l){let l,p=pl[h.series[1]],m=g[h.series[1]],x=(p._paths||Hl).band;Gl(x)&&(x=1==h.dir?x[0]:x[1]);let w=null;p.show&&x&&function(l,e,t){for(e=Q(e,0),t=Q(t,l.length-1);t>=e;){if(null!=l[e])return!0;e++}return!1}(m,Lt,en)?(w=h.fill(k,d)||o,l=p._paths.clip):x=null,Sn(e,t,n,i,w,s,r,u,a,f,l,x),c=!0}})),c||Sn(e,t,n,i,o,s,r,u,a,f)}(l,r,a,t.dash,t.cap,u,n,i,s,f,o),h&&K.translate(-c,-c)}const Mn=3;function Sn(l,e,t,n,i,o,s,r,u,a,f,c){wn(l,e,t,n,i),(u||a||c)&&(K.save(),u&&K.clip(u),a&&K.clip(a)),c?(r&Mn)==Mn?(K.clip(c),f&&K.clip(f),En(i,s),Tn(l,o,e)):2&r?(En(i,s),K.clip(c),Tn(l,o,e)):1&r&&(K.save(),K.clip(c),f&&K.clip(f),En(i,s),K.restore(),Tn(l,o,e)):(En(i,s),Tn(l,o,e)),(u||a||c)&&K.restore()}function Tn(l,e,t){t>0&&(e instanceof Map?e.forEach(((l,e)=>{K.strokeStyle=nn=e,K.stroke(l)})):null!=e&&l&&K.stroke(e))}function En(l,e){e instanceof Map?e.forEach(((l,e)=>{K.fillStyle=on=e,K.fill(l)})):null!=e&&l&&K.fill(e)}function zn(l,e,t,n,i,o,s,r,u,a){let f=s%2/2;1==tl&&K.translate(f,f),wn(r,s,u,a,r),K.beginPath();let c,h,d,p,m=i+(0==n||3==n?-o:o);0==t?(h=i,p=m):(c=i,d=m);for(let n=0;l.length>n;n++)null!=e[n]&&(0==t?c=d=l[n]:h=p=l[n],K.moveTo(c,h),K.lineTo(d,p));K.stroke(),1==tl&&K.translate(-f,-f)}function Dn(l){let e=!0;return xl.forEach(((t,n)=>{if(!t.show)return;let i=vl[t.scale];if(null==i.min)return void(t._show&&(e=!1,t._show=!1,An(!1)));t._show||(e=!1,t._show=!0,An(!1));let o=t.side,s=o%2,{min:r,max:u}=i,[a,f]=function(l,e,t,n){let i,o=xl[l];if(n>0){let s=o._space=o.space(k,l,e,t,n);i=Zt(e,t,o._incrs=o.incrs(k,l,e,t,n,s),n,s)}else i=[0,0];return o._found=i}(n,r,u,0==s?Ie:Le);if(0==f)return;let c=t._splits=t.splits(k,n,r,u,a,f,2==i.distr),h=2==i.distr?c.map((l=>pn[l])):c,d=2==i.distr?pn[c[1]]-pn[c[0]]:a,p=t._values=t.values(k,t.filter(k,h,n,f,d),n,f,d);t._rotate=2==o?t.rotate(k,p,n,f):0;let m=t._size;t._size=ul(t.size(k,p,n,l)),null!=m&&t._size!=m&&(e=!1)})),e}function Pn(l){let e=!0;return Ft.forEach(((t,n)=>{let i=t(k,n,Ct,l);i!=Rt[n]&&(e=!1),Rt[n]=i})),e}function An(l){pl.forEach(((e,t)=>{t>0&&(e._paths=null,l&&(1==M?(e.min=null,e.max=null):e.facets.forEach((l=>{l.min=null,l.max=null}))))}))}let Wn,Yn,Cn,Hn,Fn,Rn,Gn,In,Ln,On,Nn,jn,Un=!1,Vn=!1,Bn=[];function $n(){Vn=!1;for(let l=0;Bn.length>l;l++)Ci(...Bn[l]);Bn.length=0}function Jn(){Un||(Jl(qn),Un=!0)}function qn(){if(ht&&(function(){for(let l in vl){let e=vl[l];null==Kl[l]&&(null==e.min||null!=Kl[El]&&e.auto(k,mn))&&(Kl[l]=vn)}for(let l in vl){let e=vl[l];null==Kl[l]&&null!=e.from&&null!=Kl[e.from]&&(Kl[l]=vn)}null!=Kl[El]&&An(!0);let l={};for(let e in Kl){let t=Kl[e];if(null!=t){let n=l[e]=Vl(vl[e],Nl);if(null!=t.min)Bl(n,t);else if(e!=El||2==M)if(0==Gt&&null==n.from){let l=n.range(k,null,null,e);n.min=l[0],n.max=l[1]}else n.min=gl,n.max=-gl}}if(Gt>0){pl.forEach(((e,t)=>{if(1==M){let n=e.scale,i=Kl[n];if(null==i)return;let o=l[n];if(0==t){let l=o.range(k,o.min,o.max,n);o.min=l[0],o.max=l[1],Lt=L(o.min,g[0]),en=L(o.max,g[0]),en-Lt>1&&(o.min>g[0][Lt]&&Lt++,g[0][en]>o.max&&en--),e.min=pn[Lt],e.max=pn[en]}else e.show&&e.auto&&bn(o,i,e,g[t],e.sorted);e.idxs[0]=Lt,e.idxs[1]=en}else if(t>0&&e.show&&e.auto){let[n,i]=e.facets,o=n.scale,s=i.scale,[r,u]=g[t],a=l[o],f=l[s];null!=a&&bn(a,Kl[o],n,r,n.sorted),null!=f&&bn(f,Kl[s],i,u,i.sorted),e.min=i.min,e.max=i.max}}));for(let e in l){let t=l[e],n=Kl[e];if(null==t.from&&(null==n||null==n.min)){let l=t.range(k,t.min==gl?null:t.min,t.max==-gl?null:t.max,e);t.min=l[0],t.max=l[1]}}}for(let e in l){let t=l[e];if(null!=t.from){let n=l[t.from];if(null==n.min)t.min=t.max=null;else{let l=t.range(k,n.min,n.max,e);t.min=l[0],t.max=l[1]}}}let e={},t=!1;for(let n in l){let i=l[n],o=vl[n];if(o.min!=i.min||o.max!=i.max){o.min=i.min,o.max=i.max;let l=o.distr;o._min=3==l?dl(o.min):4==l?ml(o.min,o.asinh):100==l?o.fwd(o.min):o.min,o._max=3==l?dl(o.max):4==l?ml(o.max,o.asinh):100==l?o.fwd(o.max):o.max,e[n]=t=!0}}if(t){pl.forEach(((l,t)=>{2==M?t>0&&e.y&&(l._paths=null):e[l.scale]&&(l._paths=null)}));for(let l in e)mt=!0,Ci(\"setScale\",l);re&&oe.left>=0&&(xt=_t=!0)}for(let l in Kl)Kl[l]=null}(),ht=!1),mt&&(function(){let l=!1,e=0;for(;!l;){e++;let t=Dn(e),n=Pn(e);l=e==yt||t&&n,l||(kt(k.width,k.height),pt=!0)}}(),mt=!1),pt){if(E(ll,s,Oe),E(ll,i,Ne),E(ll,t,Ie),E(ll,n,Le),E(el,s,Oe),E(el,i,Ne),E(el,t,Ie),E(el,n,Le),E(X,t,Fe),E(X,n,Ge),O.width=rl(Fe*y),O.height=rl(Ge*y),xl.forEach((({_el:e,_show:t,_size:n,_pos:i,side:o})=>{if(null!=e)if(t){let t=o%2==1;E(e,t?\"left\":\"top\",i-(3===o||0===o?n:0)),E(e,t?\"width\":\"height\",n),E(e,t?\"top\":\"left\",t?Ne:Oe),E(e,t?\"height\":\"width\",t?Le:Ie),T(e,l)}else S(e,l)})),nn=on=sn=un=an=fn=cn=hn=rn=null,dn=1,_i(!0),Oe!=je||Ne!=Ke||Ie!=Xe||Le!=Ze){An(!1);let l=Ie/Xe,e=Le/Ze;if(re&&!xt&&oe.left>=0){oe.left*=l,oe.top*=e,Cn&&A(Cn,rl(oe.left),0,Ie,Le),Hn&&A(Hn,0,rl(oe.top),Ie,Le);for(let t=0;Dt.length>t;t++){let n=Dt[t];null!=n&&(Pt[t]*=l,At[t]*=e,A(n,ul(Pt[t]),ul(At[t]),Ie,Le))}}if(ei.show&&!wt&&ei.left>=0&&ei.width>0){ei.left*=l,ei.width*=l,ei.top*=e,ei.height*=e;for(let l in ki)E(ti,l,ei[l])}je=Oe,Ke=Ne,Xe=Ie,Ze=Le}Ci(\"setSize\"),pt=!1}Fe>0&&Ge>0&&(K.clearRect(0,0,O.width,O.height),Ci(\"drawClear\"),Pl.forEach((l=>l())),Ci(\"draw\")),ei.show&&wt&&(ni(ei),wt=!1),re&&xt&&(xi(null,!0,!1),xt=!1),ie.show&&ie.live&&_t&&(mi(),_t=!1),F||(F=!0,k.status=1,Ci(\"ready\")),mn=!1,Un=!1}function Kn(l,e){let t=vl[l];if(null==t.from){if(0==Gt){let n=t.range(k,e.min,e.max,l);e.min=n[0],e.max=n[1]}if(e.min>e.max){let l=e.min;e.min=e.max,e.max=l}if(Gt>1&&null!=e.min&&null!=e.max&&1e-16>e.max-e.min)return;l==El&&2==t.distr&&Gt>0&&(e.min=L(e.min,g[0]),e.max=L(e.max,g[0]),e.min==e.max&&e.max++),Kl[l]=e,ht=!0,Jn()}}k.batch=function(l,e=!1){Un=!0,Vn=e,l(k),qn(),e&&Bn.length>0&&queueMicrotask($n)},k.redraw=(l,e)=>{mt=e||!1,!1!==l?ii(El,jl.min,jl.max):Jn()},k.setScale=Kn;let Xn=!1;const Zn=oe.drag;let Qn=Zn.x,li=Zn.y;re&&(oe.x&&(Wn=D(\"u-cursor-x\",el)),oe.y&&(Yn=D(\"u-cursor-y\",el)),0==jl.ori?(Cn=Wn,Hn=Yn):(Cn=Yn,Hn=Wn),Nn=oe.left,jn=oe.top);const ei=k.select=Bl({show:!0,over:!0,left:0,width:0,top:0,height:0},u.select),ti=ei.show?D(\"u-select\",ei.over?el:ll):null;function ni(l,e){if(ei.show){for(let e in l)ei[e]=l[e],e in ki&&E(ti,e,l[e]);!1!==e&&Ci(\"setSelect\")}}function ii(l,e,t){Kn(l,{min:e,max:t})}function oi(e,t,n,i){null!=t.focus&&function(l){if(l!=ui){let e=null==l,t=1!=Tt.alpha;pl.forEach(((n,i)=>{if(1==M||i>0){let o=e||0==i||i==l;n._focus=e?null:o,t&&function(l,e){pl[l].alpha=e,re&&null!=Dt[l]&&(Dt[l].style.opacity=e),se&&me[l]&&(me[l].style.opacity=e)}(i,o?1:Tt.alpha)}})),ui=l,t&&Jn()}}(e),null!=t.show&&pl.forEach(((n,i)=>{0>=i||e!=i&&null!=e||(n.show=t.show,function(e){if(pl[e].show)se&&T(me[e],l);else if(se&&S(me[e],l),re){let l=zt?Dt[0]:Dt[e];null!=l&&A(l,-10,-10,Ie,Le)}}(i),2==M?(ii(n.facets[0].scale,null,null),ii(n.facets[1].scale,null,null)):ii(n.scale,null,null),Jn())})),!1!==n&&Ci(\"setSeries\",e,t),i&&Ii(\"setSeries\",k,e,t)}let si,ri,ui;k.setSelect=ni,k.setSeries=oi,k.addBand=function(l,e){l.fill=bl(l.fill||null),l.dir=Q(l.dir,-1),Tl.splice(e=null==e?Tl.length:e,0,l)},k.setBand=function(l,e){Bl(Tl[l],e)},k.delBand=function(l){null==l?Tl.length=0:Tl.splice(l,1)};const ai={focus:!0};function fi(l,e,t){let n=vl[e];t&&(l=l/y-(1==n.ori?Ne:Oe));let i=Ie;1==n.ori&&(i=Le,l=i-l),-1==n.dir&&(l=i-l);let o=n._min,s=o+l/i*(n._max-o),r=n.distr;return 3==r?cl(10,s):4==r?((l,e=1)=>nl.sinh(l)*e)(s,n.asinh):100==r?n.bwd(s):s}function ci(l,e){E(ti,s,ei.left=l),E(ti,t,ei.width=e)}function hi(l,e){E(ti,i,ei.top=l),E(ti,n,ei.height=e)}se&&Et&&Ce(p,ce,(l=>{oe._lock||(Mt(l),null!=ui&&oi(null,ai,!0,Fi.setSeries))})),k.valToIdx=l=>L(l,g[0]),k.posToIdx=function(l,e){return L(fi(l,El,e),g[0],Lt,en)},k.posToVal=fi,k.valToPos=(l,e,t)=>0==vl[e].ori?P(l,vl[e],t?ot:Ie,t?Qe:0):W(l,vl[e],t?st:Le,t?lt:0),k.setCursor=(l,e,t)=>{Nn=l.left,jn=l.top,xi(null,e,t)};let di=0==jl.ori?ci:hi,pi=1==jl.ori?ci:hi;function mi(l,e){if(null!=l&&(l.idxs?l.idxs.forEach(((l,e)=>{te[e]=l})):(l=>void 0===l)(l.idx)||te.fill(l.idx),ie.idx=te[0]),se&&ie.live){for(let l=0;pl.length>l;l++)(l>0||1==M&&!xe)&&gi(l,te[l]);!function(){if(se&&ie.live)for(let l=2==M?1:0;pl.length>l;l++){if(0==l&&xe)continue;let e=ie.values[l],t=0;for(let n in e)ge[l][t++].firstChild.nodeValue=e[n]}}()}_t=!1,!1!==e&&Ci(\"setLegend\")}function gi(l,e){let t,n=pl[l],i=0==l&&2==Ul?pn:g[l];xe?t=n.values(k,l,e)??we:(t=n.value(k,null==e?null:i[e],l,e),t=null==t?we:{_:t}),ie.values[l]=t}function xi(l,e,t){let n;Ln=Nn,On=jn,[Nn,jn]=oe.move(k,Nn,jn),oe.left=Nn,oe.top=jn,re&&(Cn&&A(Cn,rl(Nn),0,Ie,Le),Hn&&A(Hn,0,rl(jn),Ie,Le)),si=gl,ri=null;let i=0==jl.ori?Ie:Le,o=1==jl.ori?Ie:Le;if(0>Nn||0==Gt||Lt>en){n=oe.idx=null;for(let l=0;pl.length>l;l++){let e=Dt[l];null!=e&&A(e,-10,-10,Ie,Le)}Et&&oi(null,ai,!0,null==l&&Fi.setSeries),ie.live&&(te.fill(n),_t=!0)}else{let l,e,t;1==M&&(l=0==jl.ori?Nn:jn,e=fi(l,El),n=oe.idx=L(e,g[0],Lt,en),t=$l(g[0][n],jl,i,0));let s=-10,r=-10,u=0,a=0,f=!0,c=\"\",h=\"\";for(let l=2==M?1:0;pl.length>l;l++){let d=pl[l],p=te[l],m=null==p?null:1==M?g[l][p]:g[l][1][p],x=oe.dataIdx(k,l,n,e),w=null==x?null:1==M?g[l][x]:g[l][1][x];if(_t=_t||w!=m||x!=p,te[l]=x,l>0&&d.show){let e=null==x?-10:x==n?t:$l(1==M?g[0][x]:g[l][0][x],jl,i,0),p=null==w?-10:ql(w,1==M?vl[d.scale]:vl[d.facets[1].scale],o,0);if(Et&&null!=w){let e=1==jl.ori?Nn:jn,t=ol(Tt.dist(k,l,x,p,e));if(si>t){let n=Tt.bias;if(0!=n){let i=fi(e,d.scale),o=0>i?-1:1;o!=(0>w?-1:1)||(1==o?1==n?i>w:w>i:1==n?w>i:i>w)||(si=t,ri=l)}else si=t,ri=l}}if(_t||zt){let t,n;0==jl.ori?(t=e,n=p):(t=p,n=e);let i,o,d,m,g,x,w=!0,_=St.bbox;if(null!=_){w=!1;let e=_(k,l);d=e.left,m=e.top,i=e.width,o=e.height}else d=t,m=n,i=o=St.size(k,l);if(x=St.fill(k,l),g=St.stroke(k,l),zt)l!=ri||si>Tt.prox||(s=d,r=m,u=i,a=o,f=w,c=x,h=g);else{let e=Dt[l];null!=e&&(Pt[l]=d,At[l]=m,H(e,i,o,w),Y(e,x,g),A(e,ul(d),ul(m),Ie,Le))}}}}if(zt){let l=Tt.prox;if(_t||(null==ui?l>=si:si>l||ri!=ui)){let l=Dt[0];null!=l&&(Pt[0]=s,At[0]=r,H(l,u,a,f),Y(l,c,h),A(l,ul(s),ul(r),Ie,Le))}}}if(ei.show&&Xn)if(null!=l){let[e,t]=Fi.scales,[n,s]=Fi.match,[r,u]=l.cursor.sync.scales,a=l.cursor.drag;if(Qn=a._x,li=a._y,Qn||li){let a,f,c,h,d,{left:p,top:m,width:g,height:x}=l.select,w=l.scales[r].ori,_=l.posToVal,b=null!=e&&n(e,r),v=null!=t&&s(t,u);b&&Qn?(0==w?(a=p,f=g):(a=m,f=x),c=vl[e],h=$l(_(a,r),c,i,0),d=$l(_(a+f,r),c,i,0),di(al(h,d),ol(d-h))):di(0,i),v&&li?(1==w?(a=p,f=g):(a=m,f=x),c=vl[t],h=ql(_(a,u),c,o,0),d=ql(_(a+f,u),c,o,0),pi(al(h,d),ol(d-h))):pi(0,o)}else yi()}else{let l=ol(Ln-Fn),e=ol(On-Rn);if(1==jl.ori){let t=l;l=e,e=t}Qn=Zn.x&&l>=Zn.dist,li=Zn.y&&e>=Zn.dist;let t,n,s=Zn.uni;null!=s?Qn&&li&&(Qn=l>=s,li=e>=s,Qn||li||(e>l?li=!0:Qn=!0)):Zn.x&&Zn.y&&(Qn||li)&&(Qn=li=!0),Qn&&(0==jl.ori?(t=Gn,n=Nn):(t=In,n=jn),di(al(t,n),ol(n-t)),li||pi(0,o)),li&&(1==jl.ori?(t=Gn,n=Nn):(t=In,n=jn),pi(al(t,n),ol(n-t)),Qn||di(0,i)),Qn||li||(di(0,0),pi(0,0))}if(Zn._x=Qn,Zn._y=li,null==l){if(t){if(null!=Ri){let[l,e]=Fi.scales;Fi.values[0]=null!=l?fi(0==jl.ori?Nn:jn,l):null,Fi.values[1]=null!=e?fi(1==jl.ori?Nn:jn,e):null}Ii(f,k,Nn,jn,Ie,Le,n)}if(Et){let l=t&&Fi.setSeries,e=Tt.prox;null==ui?si>e||oi(ri,ai,!0,l):si>e?oi(null,ai,!0,l):ri!=ui&&oi(ri,ai,!0,l)}}_t&&(ie.idx=n,mi()),!1!==e&&Ci(\"setCursor\")}k.setLegend=mi;let wi=null;function _i(l=!1){l?wi=null:(wi=el.getBoundingClientRect(),Ci(\"syncRect\",wi))}function bi(l,e,t,n,i,o){oe._lock||Xn&&null!=l&&0==l.movementX&&0==l.movementY||(vi(l,e,t,n,i,o,0,!1,null!=l),null!=l?xi(null,!0,!0):xi(e,!0,!1))}function vi(l,e,t,n,i,o,s,r,u){if(null==wi&&_i(!1),Mt(l),null!=l)t=l.clientX-wi.left,n=l.clientY-wi.top;else{if(0>t||0>n)return Nn=-10,void(jn=-10);let[l,s]=Fi.scales,r=e.cursor.sync,[u,a]=r.values,[f,c]=r.scales,[h,d]=Fi.match,p=e.axes[0].side%2==1,m=0==jl.ori?Ie:Le,g=1==jl.ori?Ie:Le,x=p?o:i,w=p?i:o,_=p?n:t,b=p?t:n;if(t=null!=f?h(l,f)?C(u,vl[l],m,0):-10:m*(_/x),n=null!=c?d(s,c)?C(a,vl[s],g,0):-10:g*(b/w),1==jl.ori){let l=t;t=n,n=l}}!u||null!=e&&e.cursor.event.type!=f||(t>1&&Ie-1>t||(t=zl(t,Ie)),n>1&&Le-1>n||(n=zl(n,Le))),r?(Fn=t,Rn=n,[Gn,In]=oe.move(k,t,n)):(Nn=t,jn=n)}Object.defineProperty(k,\"rect\",{get:()=>(null==wi&&_i(!1),wi)});const ki={width:0,height:0,left:0,top:0};function yi(){ni(ki,!1)}let Mi,Si,Ti,Ei;function zi(l,e,t,n,i,o){Xn=!0,Qn=li=Zn._x=Zn._y=!1,vi(l,e,t,n,i,o,0,!0,!1),null!=l&&(Ce(h,b,Di,!1),Ii(c,k,Gn,In,Ie,Le,null));let{left:s,top:r,width:u,height:a}=ei;Mi=s,Si=r,Ti=u,Ei=a}function Di(l,e,t,n,i,o){Xn=Zn._x=Zn._y=!1,vi(l,e,t,n,i,o,0,!1,!0);let{left:s,top:r,width:u,height:a}=ei,f=u>0||a>0,c=Mi!=s||Si!=r||Ti!=u||Ei!=a;if(f&&c&&ni(ei),Zn.setScale&&f&&c){let l=s,e=u,t=r,n=a;if(1==jl.ori&&(l=r,e=a,t=s,n=u),Qn&&ii(El,fi(l,El),fi(l+e,El)),li)for(let l in vl){let e=vl[l];l!=El&&null==e.from&&e.min!=gl&&ii(l,fi(t+n,l),fi(t,l))}yi()}else oe.lock&&(oe._lock=!oe._lock,xi(e,!0,null!=l));null!=l&&(He(h,b),Ii(h,k,Nn,jn,Ie,Le,null))}function Pi(l){oe._lock||(Mt(l),xn(),yi(),null!=l&&Ii(m,k,Nn,jn,Ie,Le,null))}function Ai(){xl.forEach(ln),vt(k.width,k.height,!0)}G(x,v,Ai);const Wi={};Wi.mousedown=zi,Wi.mousemove=bi,Wi.mouseup=Di,Wi.dblclick=Pi,Wi.setSeries=(l,e,t,n)=>{-1!=(t=(0,Fi.match[2])(k,e,t))&&oi(t,n,!0,!1)},re&&(Ce(c,el,zi),Ce(f,el,bi),Ce(d,el,(l=>{Mt(l),_i(!1)})),Ce(p,el,(function(l){if(oe._lock)return;Mt(l);let e=Xn;if(Xn){let l,e,t=!0,n=!0,i=10;0==jl.ori?(l=Qn,e=li):(l=li,e=Qn),l&&e&&(t=i>=Nn||Nn>=Ie-i,n=i>=jn||jn>=Le-i),l&&t&&(Nn=Gn>Nn?0:Ie),e&&n&&(jn=In>jn?0:Le),xi(null,!0,!0),Xn=!1}Nn=-10,jn=-10,te.fill(null),xi(null,!0,!0),e&&(Xn=e)})),Ce(m,el,Pi),It.add(k),k.syncRect=_i);const Yi=k.hooks=u.hooks||{};function Ci(l,e,t){Vn?Bn.push([l,e,t]):l in Yi&&Yi[l].forEach((l=>{l.call(null,k,e,t)}))}(u.plugins||[]).forEach((l=>{for(let e in l.hooks)Yi[e]=(Yi[e]||[]).concat(l.hooks[e])}));const Hi=(l,e,t)=>t,Fi=Bl({key:null,setSeries:!1,filters:{pub:Ml,sub:Ml},scales:[El,pl[1]?pl[1].scale:null],match:[Sl,Sl,Hi],values:[null,null]},oe.sync);2==Fi.match.length&&Fi.match.push(Hi),oe.sync=Fi;const Ri=Fi.key,Gi=dt(Ri);function Ii(l,e,t,n,i,o,s){Fi.filters.pub(l,e,t,n,i,o,s)&&Gi.pub(l,e,t,n,i,o,s)}function Li(){Ci(\"init\",u,g),gn(g||u.data,!1),Kl[El]?Kn(El,Kl[El]):xn(),wt=ei.show&&(ei.width>0||ei.height>0),xt=_t=!0,vt(u.width,u.height)}return Gi.sub(k),k.pub=function(l,e,t,n,i,o,s){Fi.filters.sub(l,e,t,n,i,o,s)&&Wi[l](null,e,t,n,i,o,s)},k.destroy=function(){Gi.unsub(k),It.delete(k),Pe.clear(),I(x,v,Ai),R.remove(),ce?.remove(),Ci(\"destroy\")},pl.forEach(Yt),xl.forEach((function(l,e){if(l._show=l.show,l.show){let t=vl[l.scale];null==t&&(l.scale=l.side%2?pl[1].scale:El,t=vl[l.scale]);let n=t.time;l.size=bl(l.size),l.space=bl(l.space),l.rotate=bl(l.rotate),Gl(l.incrs)&&l.incrs.forEach((l=>{!Wl.has(l)&&Wl.set(l,Yl(l))})),l.incrs=bl(l.incrs||(2==t.distr?ae:n?1==hl?ke:Se:fe)),l.splits=bl(l.splits||(n&&1==t.distr?Ql:3==t.distr?Je:4==t.distr?qe:$e)),l.stroke=bl(l.stroke),l.grid.stroke=bl(l.grid.stroke),l.ticks.stroke=bl(l.ticks.stroke),l.border.stroke=bl(l.border.stroke);let i=l.values;l.values=Gl(i)&&!Gl(i[0])?bl(i):n?Gl(i)?De(Xl,ze(i,Zl)):Ll(i)?function(l,e){let t=ne(e);return(e,n)=>n.map((e=>t(l(e))))}(Xl,i):i||le:i||Be,l.filter=bl(l.filter||(3>t.distr||10!=t.log?3==t.distr&&2==t.log?tt:kl:et)),l.font=Qt(l.font),l.labelFont=Qt(l.labelFont),l._size=l.size(k,null,e,0),l._space=l._rotate=l._incrs=l._found=l._splits=l._values=null,l._size>0&&(Ct[e]=!0,l._el=D(\"u-axis\",X))}})),_?_ instanceof HTMLElement?(_.appendChild(R),Li()):_(k,Li):Li(),k}en.assign=Bl,en.fmtNum=tl,en.rangeNum=Z,en.rangeLog=B,en.rangeAsinh=$,en.orient=pt,en.pxRatio=y,en.join=function(l,e){if(function(l){let e=l[0][0],t=e.length;for(let n=1;l.length>n;n++){let i=l[n][0];if(i.length!=t)return!1;if(i!=e)for(let l=0;t>l;l++)if(i[l]!=e[l])return!1}return!0}(l)){let e=l[0].slice();for(let t=1;l.length>t;t++)e.push(...l[t].slice(1));return function(l,e=100){const t=l.length;if(1>=t)return!0;let n=0,i=t-1;for(;i>=n&&null==l[n];)n++;for(;i>=n&&null==l[i];)i--;if(n>=i)return!0;const o=fl(1,sl((i-n+1)/e));for(let e=l[n],t=n+o;i>=t;t+=o){const n=l[t];if(null!=n){if(e>=n)return!1;e=n}}return!0}(e[0])||(e=function(l){let e=l[0],t=e.length,n=Array(t);for(let l=0;n.length>l;l++)n[l]=l;n.sort(((l,t)=>e[l]-e[t]));let i=[];for(let e=0;l.length>e;e++){let o=l[e],s=Array(t);for(let l=0;t>l;l++)s[l]=o[n[l]];i.push(s)}return i}(e)),e}let t=new Set;for(let e=0;l.length>e;e++){let n=l[e][0],i=n.length;for(let l=0;i>l;l++)t.add(n[l])}let n=[Array.from(t).sort(((l,e)=>l-e))],i=n[0].length,o=new Map;for(let l=0;i>l;l++)o.set(n[0][l],l);for(let t=0;l.length>t;t++){let s=l[t],r=s[0];for(let l=1;s.length>l;l++){let u=s[l],a=Array(i).fill(void 0),f=e?e[t][l]:1,c=[];for(let l=0;u.length>l;l++){let e=u[l],t=o.get(r[l]);null===e?0!=f&&(a[t]=e,2==f&&c.push(t)):a[t]=e}$l(a,c,i),n.push(a)}}return n},en.fmtDate=ne,en.tzDate=function(l,e){let t;return\"UTC\"==e||\"Etc/UTC\"==e?t=new Date(+l+6e4*l.getTimezoneOffset()):e==ie?t=l:(t=new Date(l.toLocaleString(\"en-US\",{timeZone:e})),t.setMilliseconds(l.getMilliseconds())),t},en.sync=dt;{en.addGap=function(l,e,t){let n=l[l.length-1];n&&n[0]==e?n[1]=t:l.push([e,t])},en.clipGaps=wt;let l=en.paths={points:Wt};l.linear=Ft,l.stepped=function(l){const e=Q(l.align,1),t=Q(l.ascDesc,!1),n=Q(l.alignGaps,0),i=Q(l.extend,!1);return(l,o,s,r)=>pt(l,o,((u,a,f,c,h,d,p,m,g,x,w)=>{[s,r]=U(f,s,r);let _=u.pxRound,{left:b,width:v}=l.bbox,k=l=>_(d(l,c,x,m)),M=l=>_(p(l,h,w,g)),S=0==c.ori?Mt:St;const T={stroke:new Path2D,fill:null,clip:null,band:null,gaps:null,flags:1},E=T.stroke,z=c.dir*(0==c.ori?1:-1);let D=M(f[1==z?s:r]),P=k(a[1==z?s:r]),A=P,W=P;i&&-1==e&&(W=b,S(E,W,D)),S(E,P,D);for(let l=1==z?s:r;l>=s&&r>=l;l+=z){let t=f[l];if(null==t)continue;let n=k(a[l]),i=M(t);1==e?S(E,n,D):S(E,A,i),S(E,n,i),D=i,A=n}let Y=A;i&&1==e&&(Y=b+v,S(E,Y,D));let[C,H]=mt(l,o);if(null!=u.fill||0!=C){let e=T.fill=new Path2D(E),t=M(u.fillTo(l,o,u.min,u.max,C));S(e,Y,t),S(e,W,t)}if(!u.spanGaps){let i=[];i.push(..._t(a,f,s,r,z,k,n));let h=u.width*y/2,d=t||1==e?h:-h,p=t||-1==e?-h:h;i.forEach((l=>{l[0]+=d,l[1]+=p})),T.gaps=i=u.gaps(l,o,s,r,i),T.clip=wt(i,c.ori,m,g,x,w)}return 0!=H&&(T.band=2==H?[xt(l,o,s,r,E,-1),xt(l,o,s,r,E,1)]:xt(l,o,s,r,E,H)),T}))},l.bars=function(l){const e=Q((l=l||Hl).size,[.6,gl,1]),t=l.align||0,n=l.gap||0;let i=l.radius;i=null==i?[0,0]:\"number\"==typeof i?[i,0]:i;const o=bl(i),s=1-e[0],r=Q(e[1],gl),u=Q(e[2],1),a=Q(l.disp,Hl),f=Q(l.each,(()=>{})),{fill:c,stroke:h}=a;return(l,e,i,d)=>pt(l,e,((p,m,g,x,w,_,b,v,k,M,S)=>{let T,E,z=p.pxRound,D=t,P=n*y,A=r*y,W=u*y;0==x.ori?[T,E]=o(l,e):[E,T]=o(l,e);const Y=x.dir*(0==x.ori?1:-1);let C,H,F,R=0==x.ori?Tt:Et,G=0==x.ori?f:(l,e,t,n,i,o,s)=>{f(l,e,t,i,n,s,o)},I=Q(l.bands,Fl).find((l=>l.series[0]==e)),L=p.fillTo(l,e,p.min,p.max,null!=I?I.dir:0),O=z(b(L,w,S,k)),N=M,j=z(p.width*y),U=!1,V=null,B=null,$=null,J=null;null==c||0!=j&&null==h||(U=!0,V=c.values(l,e,i,d),B=new Map,new Set(V).forEach((l=>{null!=l&&B.set(l,new Path2D)})),j>0&&($=h.values(l,e,i,d),J=new Map,new Set($).forEach((l=>{null!=l&&J.set(l,new Path2D)}))));let{x0:q,size:K}=a;if(null!=q&&null!=K){D=1,m=q.values(l,e,i,d),2==q.unit&&(m=m.map((e=>l.posToVal(v+e*M,x.key,!0))));let t=K.values(l,e,i,d);H=2==K.unit?t[0]*M:_(t[0],x,M,v)-_(0,x,M,v),N=Rt(m,g,_,x,M,v,N),F=N-H+P}else N=Rt(m,g,_,x,M,v,N),F=N*s+P,H=N-F;1>F&&(F=0),H/2>j||(j=0),5>F&&(z=vl);let X=F>0;H=z(wl(N-F-(X?j:0),W,A)),C=(0==D?H/2:D==Y?0:H)-D*Y*((0==D?P/2:0)+(X?j/2:0));const Z={stroke:null,fill:null,clip:null,band:null,gaps:null,flags:0},ll=U?null:new Path2D;let el=null;if(null!=I)el=l.data[I.series[1]];else{let{y0:t,y1:n}=a;null!=t&&null!=n&&(g=n.values(l,e,i,d),el=t.values(l,e,i,d))}let tl=T*H,nl=E*H;for(let t=1==Y?i:d;t>=i&&d>=t;t+=Y){let n=g[t];if(null==n)continue;if(null!=el){let l=el[t]??0;if(n-l==0)continue;O=b(l,w,S,k)}let i=_(2!=x.distr||null!=a?m[t]:t,x,M,v),o=b(Q(n,L),w,S,k),s=z(i-C),r=z(fl(o,O)),u=z(al(o,O)),f=r-u;if(null!=n){let i=0>n?nl:tl,o=0>n?tl:nl;U?(j>0&&null!=$[t]&&R(J.get($[t]),s,u+sl(j/2),H,fl(0,f-j),i,o),null!=V[t]&&R(B.get(V[t]),s,u+sl(j/2),H,fl(0,f-j),i,o)):R(ll,s,u+sl(j/2),H,fl(0,f-j),i,o),G(l,e,t,s-j/2,u,H+j,f)}}return j>0?Z.stroke=U?J:ll:U||(Z._fill=0==p.width?p._fill:p._stroke??p._fill,Z.width=0),Z.fill=U?B:ll,Z}))},l.spline=function(l){return function(l,e){const t=Q(e?.alignGaps,0);return(e,n,i,o)=>pt(e,n,((s,r,u,a,f,c,h,d,p,m,g)=>{[i,o]=U(u,i,o);let x,w,_,b=s.pxRound,v=l=>b(c(l,a,m,d)),k=l=>b(h(l,f,g,p));0==a.ori?(x=kt,_=Mt,w=Pt):(x=yt,_=St,w=At);const y=a.dir*(0==a.ori?1:-1);let M=v(r[1==y?i:o]),S=M,T=[],E=[];for(let l=1==y?i:o;l>=i&&o>=l;l+=y)if(null!=u[l]){let e=v(r[l]);T.push(S=e),E.push(k(u[l]))}const z={stroke:l(T,E,x,_,w,b),fill:null,clip:null,band:null,gaps:null,flags:1},D=z.stroke;let[P,A]=mt(e,n);if(null!=s.fill||0!=P){let l=z.fill=new Path2D(D),t=k(s.fillTo(e,n,s.min,s.max,P));_(l,S,t),_(l,M,t)}if(!s.spanGaps){let l=[];l.push(..._t(r,u,i,o,y,v,t)),z.gaps=l=s.gaps(e,n,i,o,l),z.clip=wt(l,a.ori,d,p,m,g)}return 0!=A&&(z.band=2==A?[xt(e,n,i,o,D,-1),xt(e,n,i,o,D,1)]:xt(e,n,i,o,D,A)),z}))}(Gt,l)}}return en}();\n",
  "libraryStyle": ".uplot, .uplot *, .uplot *::before, .uplot *::after {box-sizing: border-box;}.uplot {font-family: system-ui, -apple-system, \"Segoe UI\", Roboto, \"Helvetica Neue\", Arial, \"Noto Sans\", sans-serif, \"Apple Color Emoji\", \"Segoe UI Emoji\", \"Segoe UI Symbol\", \"Noto Color Emoji\";line-height: 1.5;width: min-content;}.u-title {text-align: center;font-size: 18px;font-weight: bold;}.u-wrap {position: relative;user-select: none;}.u-over, .u-under {position: absolute;}.u-under {overflow: hidden;}.uplot canvas {display: block;position: relative;width: 100%;height: 100%;}.u-axis {position: absolute;}.u-legend {font-size: 14px;margin: auto;text-align: center;}.u-inline {display: block;}.u-inline * {display: inline-block;}.u-inline tr {margin-right: 16px;}.u-legend th {font-weight: 600;}.u-legend th > * {vertical-align: middle;display: inline-block;}.u-legend .u-marker {width: 1em;height: 1em;margin-right: 4px;background-clip: padding-box !important;}.u-inline.u-live th::after {content: \":\";vertical-align: middle;}.u-inline:not(.u-live) .u-value {display: none;}.u-series > * {padding: 4px;}.u-series th {cursor: pointer;}.u-legend .u-off > * {opacity: 0.3;}.u-select {background: rgba(0,0,0,0.07);position: absolute;pointer-events: none;}.u-cursor-x, .u-cursor-y {position: absolute;left: 0;top: 0;pointer-events: none;will-change: transform;}.u-hz .u-cursor-x, .u-vt .u-cursor-y {height: 100%;border-right: 1px dashed #607D8B;}.u-hz .u-cursor-y, .u-vt .u-cursor-x {width: 100%;border-bottom: 1px dashed #607D8B;}.u-cursor-pt {position: absolute;top: 0;left: 0;border-radius: 50%;border: 0 solid;pointer-events: none;will-change: transform;/*this has to be !important since we set inline \"background\" shorthand */background-clip: padding-box !important;}.u-axis.u-off, .u-select.u-off, .u-cursor-x.u-off, .u-cursor-y.u-off, .u-cursor-pt.u-off {display: none;}",
  "script": "// Runs in the reader's browser, in the page that page.ts writes. It draws numbers, and has no other way to reach the document than text.\n;(() => {\n  const { charts } = JSON.parse(document.getElementById('numbers').textContent)\n  const color = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()\n  const drawn = []\n\n  function seriesOf(line) {\n    return {\n      label: line.label,\n      stroke: () => color(line.role),\n      fill: () => color(`${line.role}-fill`),\n      // Told apart without colors, too.\n      dash: { failed: [3, 3], others: [8, 4] }[line.role],\n      width: 2,\n      points: { show: false },\n      paths: uPlot.paths.stepped({ align: 1 }),\n    }\n  }\n\n  function axis(size, label) {\n    return {\n      ...(label === undefined ? {} : { label, labelSize: 24 }),\n      size,\n      stroke: () => color('ink'),\n      grid: { stroke: () => color('line'), width: 1 },\n      ticks: { stroke: () => color('line'), width: 1 },\n    }\n  }\n\n  /** Pixels that a slice with a failure has at least, however many answers there are beside it. */\n  const least = { height: 12, width: 4 }\n\n  function markFailures(lines) {\n    const index = lines.findIndex(line => line.role === 'failed')\n    return plot => {\n      const values = index < 0 ? [] : plot.data[index + 1]\n      const [x] = plot.data\n      const { ctx, bbox } = plot\n      ctx.save()\n      ctx.beginPath()\n      ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)\n      ctx.clip()\n      ctx.fillStyle = color('failed')\n      const scale = devicePixelRatio\n      // The last value only ends the slice before it.\n      for (const [slice, value] of values.slice(0, -1).entries()) {\n        if (value === 0) continue\n        const left = plot.valToPos(x[slice], 'x', true)\n        const width = Math.max(least.width * scale, plot.valToPos(x[slice + 1], 'x', true) - left)\n        const bottom = bbox.top + bbox.height\n        const height = Math.max(least.height * scale, bottom - plot.valToPos(value, 'y', true))\n        ctx.fillRect(left, bottom - height, width, height)\n      }\n      ctx.restore()\n    }\n  }\n\n  function draw(place) {\n    const chart = charts[place.dataset.chart]\n    const size = () => ({ width: Math.max(240, place.clientWidth), height: place.clientWidth < 600 ? 260 : 320 })\n    const top = Math.max(1, ...chart.lines.flatMap(line => line.values))\n    const options = {\n      ...size(),\n      scales: { x: { time: false }, y: { range: [0, top * 1.05] } },\n      series: [{ label: 'seconds' }, ...chart.lines.map(seriesOf)],\n      axes: [axis(40), axis(52, chart.up)],\n      cursor: { drag: { x: true, y: false } },\n      // A finger does not hover: it would read nothing but dashes.\n      legend: { live: matchMedia('(hover: hover)').matches },\n      hooks: { draw: [markFailures(chart.lines)] },\n    }\n    const words = place.firstElementChild\n    const plot = new uPlot(options, [chart.x, ...chart.lines.map(line => line.values)], place)\n    // The words, and the open table, are for who has no chart.\n    words.remove()\n    place.closest('figure').querySelector('details').open = false\n    // The numbers are in the table below it.\n    plot.root.querySelector('.u-wrap').setAttribute('aria-hidden', 'true')\n    // On a canvas it would be cut off on a phone: it has the name of a version.\n    const across = document.createElement('p')\n    across.className = 'across'\n    across.textContent = chart.across\n    plot.root.querySelector('.u-wrap').after(across)\n    drawn.push(plot)\n    new ResizeObserver(() => {\n      const next = size()\n      if (next.width !== plot.width || next.height !== plot.height) plot.setSize(next)\n    }).observe(place)\n    return plot\n  }\n\n  const plots = new Map()\n  for (const place of document.querySelectorAll('[data-chart]')) plots.set(place.dataset.chart, draw(place))\n\n  for (const button of document.querySelectorAll('button[data-zoom]')) {\n    const plot = plots.get(button.dataset.zoom)\n    const [whole] = plot.data\n    button.hidden = false\n    button.addEventListener('click', () => {\n      const { min, max } = plot.scales.x\n      const [first, last] = [whole[0], whole.at(-1)]\n      if (button.dataset.go !== undefined) {\n        // As far as there is something to see: what is shown stays as wide.\n        const by = Math.min(last - max, Math.max(first - min, (max - min) * Number(button.dataset.go)))\n        plot.setScale('x', { min: min + by, max: max + by })\n        return\n      }\n      const factor = Number(button.dataset.by)\n      const middle = (min + max) / 2\n      const half = ((max - min) / 2) * factor\n      const shown = factor === 0 ? [first, last] : [middle - half, middle + half]\n      plot.setScale('x', { min: Math.max(first, shown[0]), max: Math.min(last, shown[1]) })\n    })\n  }\n\n  const redraw = () => {\n    for (const plot of drawn) plot.redraw(false, true)\n  }\n  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw)\n  // Paper is white, and cannot be unfolded.\n  matchMedia('print').addEventListener('change', redraw)\n  addEventListener('beforeprint', () => {\n    for (const folded of document.querySelectorAll('details')) folded.open = true\n  })\n})()\n",
  "style": ":root {\n  color-scheme: light dark;\n  --paper: #ffffff;\n  --ink: #1f2328;\n  --faint: #59636e;\n  --line: #d1d9e0;\n  --link: #0550ae;\n  --good: #1a7f37;\n  --bad: #cf222e;\n  --old: #0550ae;\n  --old-fill: #0550ae22;\n  --new: #1a7f37;\n  --new-fill: #1a7f3722;\n  --others: #8250df;\n  --others-fill: transparent;\n  --failed: #cf222e;\n  --failed-fill: #cf222e33;\n}\n@media screen and (prefers-color-scheme: dark) {\n  :root {\n    --paper: #0d1117;\n    --ink: #f0f6fc;\n    --faint: #9198a1;\n    --line: #3d444d;\n    --link: #79c0ff;\n    --good: #3fb950;\n    --bad: #ff7b72;\n    --old: #79c0ff;\n    --old-fill: #79c0ff22;\n    --new: #3fb950;\n    --new-fill: #3fb95022;\n    --others: #d2a8ff;\n    --failed: #ff7b72;\n    --failed-fill: #ff7b7233;\n  }\n}\n* {\n  box-sizing: border-box;\n}\nbody {\n  margin: 0 auto;\n  max-width: 72rem;\n  padding: 1rem;\n  background: var(--paper);\n  color: var(--ink);\n  font:\n    16px / 1.5 system-ui,\n    sans-serif;\n  overflow-wrap: anywhere;\n}\nh1 {\n  font-size: 1.6rem;\n  line-height: 1.25;\n  margin: 0.5rem 0;\n}\nh2 {\n  font-size: 1.25rem;\n  margin: 2rem 0 0.5rem;\n  border-bottom: 1px solid var(--line);\n}\nh3 {\n  font-size: 1.05rem;\n}\na {\n  color: var(--link);\n}\n:focus-visible {\n  outline: 3px solid var(--link);\n  outline-offset: 2px;\n}\nnav a {\n  display: inline-block;\n  margin-right: 1rem;\n  padding: 0.25rem 0;\n}\n.status {\n  display: inline-block;\n  margin: 0;\n  padding: 0.1rem 0.7rem;\n  border: 2px solid;\n  border-radius: 1rem;\n  font-weight: 600;\n}\n.good {\n  color: var(--good);\n}\n.bad {\n  color: var(--bad);\n}\n.faint {\n  color: var(--faint);\n}\n.scroll {\n  overflow-x: auto;\n  margin: 0.5rem 0;\n}\ntable {\n  border-collapse: collapse;\n}\n.scroll th,\n.scroll td {\n  border: 1px solid var(--line);\n  padding: 0.3rem 0.6rem;\n  text-align: left;\n  vertical-align: top;\n}\n.scroll th {\n  overflow-wrap: normal;\n}\n.scroll td {\n  overflow-wrap: normal;\n}\n.scroll .long {\n  min-width: 9rem;\n  overflow-wrap: anywhere;\n}\n@media (max-width: 30rem) {\n  .scroll table {\n    font-size: 0.9rem;\n  }\n  .scroll th,\n  .scroll td {\n    padding: 0.25rem 0.4rem;\n  }\n}\ncode,\npre {\n  font:\n    0.875em / 1.45 ui-monospace,\n    monospace;\n}\npre {\n  border: 1px solid var(--line);\n  padding: 0.75rem;\n  white-space: pre-wrap;\n}\nfigure {\n  margin: 1rem 0;\n}\nfigcaption {\n  font-weight: 600;\n}\nbutton {\n  font: inherit;\n  margin: 0.25rem 0.25rem 0.25rem 0;\n  padding: 0.3rem 0.8rem;\n  border: 1px solid var(--faint);\n  border-radius: 0.4rem;\n  background: var(--paper);\n  color: var(--ink);\n}\nsummary {\n  cursor: pointer;\n  padding: 0.3rem 0;\n}\n.uplot {\n  font-family: inherit;\n}\n.across {\n  margin: 0;\n  text-align: center;\n  font-size: 0.8rem;\n}\n.bars {\n  display: grid;\n  grid-template-columns: max-content 1fr;\n  gap: 0.25rem 0.75rem;\n  margin: 1rem 0;\n}\n.track {\n  position: relative;\n  background: color-mix(in srgb, var(--line) 40%, transparent);\n}\n.track span {\n  position: absolute;\n  inset: 0 auto 0 0;\n  min-width: 3px;\n  background: var(--old);\n}\n.track .bad {\n  background: var(--bad);\n}\n@media print {\n  body {\n    max-width: none;\n    font-size: 11pt;\n  }\n  nav,\n  button {\n    display: none;\n  }\n  section,\n  figure,\n  tr {\n    break-inside: avoid-page;\n  }\n  .track span {\n    print-color-adjust: exact;\n  }\n}\n"
})

;// CONCATENATED MODULE: ./lib/src/report/budget.js
/**
 * As many parts from the beginning on as there is room for: the first screen is never what goes. Empty ones are passed over.
 *
 * @param most bytes of UTF-8 of all of them together
 */
function budget_fitting(parts, most) {
    const there = parts.filter(([, says]) => says !== '');
    let bytes = 0;
    const end = there.findIndex(([, says]) => {
        bytes += Buffer.byteLength(says) + 2;
        return bytes > most;
    });
    const until = end < 0 ? there.length : end;
    return { kept: there.slice(0, until).map(([, says]) => says), left: there.slice(until).map(([name]) => name) };
}
/** The line that says so; empty when all had room. */
function budget_leftOut(left, because) {
    return left.length === 0 ? '' : `**Left out, because ${because}: ${left.join(', ')}.**`;
}

;// CONCATENATED MODULE: ./lib/src/report/markdown.js
/**
 * Text from outside (image names, AWS messages, tags) inside GitHub's Markdown. Nothing in it may become markup, a link, a
 * heading, a new line or a table cell. Only what could is replaced by entities, so that the raw file stays readable.
 */
function markdown_text(hostile, maxLength = 300) {
    const escaped = plain(hostile, maxLength)
        .replace(/[&<>"'`*_[\]|~$@\\#{}]/g, entity)
        .replace(/:(?=\/\/)/g, entity)
        .replace(/(?<=\b(?:www|WWW))\./g, entity)
        .replace(/^(?:[-+]|\d+[.)]|=+$)(?=\s|$)/, marker => [...marker].map(entity).join(''));
    return clipEscaped(escaped, maxLength * bytesOfCharacter);
}
/** UTF-8 needs no more; text of nothing but entities, which do, is cut off earlier. */
const bytesOfCharacter = 4;
/** Cut off after so many bytes, but never within an entity or a character. */
function clipEscaped(escaped, most) {
    if (Buffer.byteLength(escaped) <= most)
        return escaped;
    let bytes = 0;
    let end = 0;
    for (const [one] of escaped.matchAll(/&#\d+;|./gsu)) {
        bytes += Buffer.byteLength(one);
        if (bytes > most)
            break;
        end += one.length;
    }
    return `${escaped.slice(0, end)}\u2026`;
}
/** On one line that reads from left to right and hides nothing, cut off; not escaped for anything. */
function plain(hostile, maxLength) {
    // A line of a megabyte is not read to its end for the sake of its beginning.
    const beginning = hostile.slice(0, maxLength * 10);
    const line = clip(oneLine(beginning), maxLength);
    return beginning.length < hostile.length && !line.endsWith('\u2026') ? `${line}\u2026` : line;
}
function entity(character) {
    return `&#${character.codePointAt(0)};`;
}
/**
 * Hostile text as code. `<code>` with entities instead of backticks: a backtick inside cannot close it, and neither can a
 * table's `|`. The entities keep GitHub from linking names and mentions.
 */
function code(hostile, maxLength = 300) {
    return `<code>${markdown_text(hostile, maxLength)}</code>`;
}
const longestUrl = 2_000;
/** One of our own URLs, made of checked parts; what could still end the link is encoded. A longer one is none of ours, nor is one of another scheme. */
function markdown_link(label, url) {
    const inert = url.length > longestUrl ? url : url.toWellFormed().replace(/[^\w:/.?=&#%~-]/gu, percent);
    return inert.length > longestUrl || !/^https?:\/\//.test(inert) ? markdown_text(label) : `[${markdown_text(label)}](${inert})`;
}
/** `encodeURIComponent` leaves brackets as they are. */
function percent(character) {
    return [...new TextEncoder().encode(character)].map(byte => `%${byte.toString(16).padStart(2, '0')}`).join('');
}
function table(head, rows) {
    const line = (cells) => `| ${cells.join(' | ')} |`;
    return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
/** Under a list or table that was cut. */
function andMore(all, shown) {
    return all > shown ? `\n\nand ${all - shown} more` : '';
}
/** Bytes of a block: those of AWS's longest policy several times. */
const longestBlock = 60_000;
/** Lines of hostile text as they are, indentation included, in a block that nothing in them can end; at most so many bytes. */
function block(hostile, most = longestBlock) {
    const lines = hostile
        .slice(0, most)
        .split(/\r\n|\r|\n/)
        .map(line => line
        .replace(/\t/g, '  ')
        .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, ' ')
        .replace(/[&<>]/g, entity));
    return `<pre>\n${clipEscaped(lines.join('\n'), most)}\n</pre>`;
}
/** Bytes of a policy statement: those of AWS's longest ARN several times. */
const longestStatement = 10_000;
/** Bytes of a list; its first line is there whatever it takes. */
const longestList = 200_000;
/**
 * A list of hostile lines. JSON of several lines, such as a policy statement, keeps them, and stands between two lists.
 *
 * @param most lines
 */
function markdown_list(lines, most = lines.length) {
    const isJson = (line) => line?.startsWith('{\n') ?? false;
    const shown = [];
    let bytes = 0;
    for (const [index, line] of lines.slice(0, most).entries()) {
        const one = isJson(line) ? block(line, longestStatement) : `- ${markdown_text(line, 1_000)}`;
        bytes += Buffer.byteLength(one) + 2;
        if (index > 0 && bytes > longestList)
            break;
        const apart = index > 0 && (isJson(line) || isJson(lines[index - 1]));
        shown.push(`${index === 0 ? '' : apart ? '\n\n' : '\n'}${one}`);
    }
    const { length } = shown;
    return `${shown.join('')}${length < lines.length ? `\n${isJson(lines[length - 1]) ? '\n' : ''}- and ${lines.length - length} more` : ''}`;
}
/** Sentences, each on a line, and JSON after them. */
function note(hostile) {
    const at = hostile.search(/\n\{\n/);
    const [sentences, json] = at < 0 ? [hostile, ''] : [hostile.slice(0, at), hostile.slice(at + 1)];
    return [markdown_text(sentences, 1_000), json === '' ? '' : block(json, longestStatement)]
        .filter(part => part !== '')
        .join('\n\n');
}
/** Folded details, or ones that are there to be folded. */
function markdown_details(title, body, open = false) {
    return `<details${open ? ' open' : ''}><summary>${markdown_text(title)}</summary>\n\n${body}\n\n</details>`;
}
function oneLine(hostile) {
    // Control characters, line separators, the marks that turn the reading direction or hide text, and halves of characters.
    return hostile.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\s]+/gu, ' ').trim();
}
function clip(line, maxLength) {
    const characters = [...line];
    return characters.length > maxLength ? `${characters.slice(0, maxLength).join('')}\u2026` : line;
}
/** `42s`, `3m 05s`, `850ms`. */
function markdown_span(ms) {
    if (ms < 1_000)
        return `${Math.round(ms)}ms`;
    if (ms < 60_000)
        return `${(ms / 1_000).toFixed(1)}s`;
    const seconds = Math.round(ms / 1_000);
    return `${Math.floor(seconds / 60)}m ${String(seconds % 60).padStart(2, '0')}s`;
}

;// CONCATENATED MODULE: ./lib/src/model/check.js
const sections = [
    'Lock',
    'Services',
    'Target groups',
    'Listeners and rules',
    'Task definition',
    'Time',
    'Alarms',
    'Auto scaling',
    'Roles and credentials',
];
/** The tree as lines: a section, then its checks. */
function check_checkLines(checks) {
    const found = sections.filter(section => checks.some(check => check.section === section));
    return found.flatMap(section => [
        section,
        ...checks
            .filter(check => check.section === section)
            .map(({ mark, says }) => `  ${mark.padEnd(4)}  ${says.replaceAll('\n', '\n        ')}`),
    ]);
}
/**
 * The checks, and those that nobody made because something else is NG.
 *
 * @param without sections that have nothing to check here
 */
function skipped(checks, without = []) {
    const missing = sections.filter(section => !without.includes(section) && !checks.some(check => check.section === section));
    return [
        ...checks,
        ...missing.map(section => ({ section, mark: 'SKIP', says: 'Not looked at, because of what is NG' })),
    ];
}

;// CONCATENATED MODULE: ./lib/src/model/count.js
/** `1 task`, `2 tasks`. */
function count_counted(count, thing) {
    return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

;// CONCATENATED MODULE: ./lib/src/report/plan.js



/** More would push the rest off the page. */
const limits = { steps: 100, changes: 100, checks: 200 };
/** What a plan says, for the log: the checks, the steps, the difference, the policy. */
function planLines({ checks, plan }) {
    if (plan === undefined)
        return checkLines(checks);
    return [
        ...checkLines(checks),
        'Steps',
        ...(plan.steps.length === 0 ? ['  none'] : plan.steps.map((step, index) => `  ${index + 1}. ${stepText(step)}`)),
        definitionTitle(plan.definition),
        ...plan.definition.changes.map(change => `  ${change.path}: ${change.before ?? '\u2013'} \u2192 ${change.after ?? '\u2013'}`),
        'Policy: the least that this deploy needs',
        ...policyText(plan.policy)
            .split('\n')
            .map(line => `  ${line}`),
    ];
}
/** The same for the job summary. */
function plan_planPart(report) {
    const { plan, mode, checks } = report;
    if (mode !== 'plan') {
        return checks.length === 0 ? '' : markdown_details(`Preflight (${count_counted(checks.length, 'check')})`, checksPart(checks));
    }
    return [
        ...(plan === undefined ? [] : [stepsPart(plan)]),
        checks.length === 0 ? '' : `### Preflight\n\n${checksPart(checks)}`,
        ...(plan === undefined
            ? []
            : [
                definitionPart(plan.definition),
                markdown_details('The least IAM policy for this set-up', block(policyText(plan.policy))),
            ]),
    ]
        .filter(part => part !== '')
        .join('\n\n');
}
function stepsPart({ steps }) {
    if (steps.length === 0)
        return '';
    const rows = steps
        .slice(0, limits.steps)
        .map((step, index) => [String(index + 1), markdown_text(step.says), markdown_text(step.before ?? ''), markdown_text(step.after ?? '')]);
    return `### Steps\n\n${table(['', 'step', 'before', 'after'], rows)}${andMore(steps.length, limits.steps)}`;
}
function stepText({ says, before, after }) {
    return after === undefined ? says : `${says}: ${before ?? 'nothing'} \u2192 ${after}`;
}
function checksPart(checks) {
    const shown = checks.slice(0, limits.checks);
    const listed = sections
        .filter(section => shown.some(check => check.section === section))
        .flatMap(section => [
        `- ${section}`,
        ...shown
            .filter(check => check.section === section)
            .map(({ mark, says }) => `  - ${markText(mark)} ${markdown_text(says, 500)}`),
    ])
        .join('\n');
    return `${listed}${andMore(checks.length, limits.checks)}`;
}
function markText(mark) {
    return mark === 'NG' ? '**NG**' : mark;
}
function definitionTitle({ from, reused, changes }) {
    const live = nameOf(from);
    const becomes = reused === undefined ? 'a new revision is registered from it' : `${nameOf(reused)} is used`;
    return `Task definition: ${live} is live, ${becomes}, ${changes.length === 0 ? 'which says the same' : changes.length === 1 ? 'with one change' : `with ${changes.length} changes`}`;
}
function definitionPart(definition) {
    const title = `### Task definition\n\n${markdown_text(definitionTitle(definition).replace(/^Task definition: /, ''))}.`;
    if (definition.changes.length === 0)
        return title;
    const rows = definition.changes
        .slice(0, limits.changes)
        .map(change => [markdown_text(change.path), markdown_text(change.before ?? '\u2013'), markdown_text(change.after ?? '\u2013')]);
    return `${title}\n\n${table(['member', 'live', 'planned'], rows)}${andMore(definition.changes.length, limits.changes)}`;
}
function policyText(policy) {
    return JSON.stringify(policy, undefined, 2);
}
function nameOf(arn) {
    return arn.slice(arn.lastIndexOf('/') + 1);
}

;// CONCATENATED MODULE: ./lib/src/plan/journal.js
/**
 * The lock and the journal as tags of the target group that is the lock: readable in the AWS console, written in the same call
 * that makes it. What is not there is written as an empty value, because adding tags never takes one away.
 */
const phases = (/* unused pure expression or super */ null && (['staging', 'shifting', 'restoring', 'settling']));
const journal_colors = (/* unused pure expression or super */ null && (['blue', 'green']));
/** What Elastic Load Balancing takes as the value of a tag: letters, digits, spaces and some signs, 256 of them. */
function tagValue(text) {
    return text.replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, '-').slice(0, 256);
}
function ownerTags(owner, mode, startedAt) {
    return tags({
        Purpose: 'Lock of ecs-bluegreen: no traffic goes here',
        Owner: journal_describeOwner(owner),
        Nonce: owner.nonce,
        Repository: owner.repository,
        RunId: owner.runId,
        RunAttempt: String(owner.attempt),
        Job: owner.job,
        RunUrl: owner.runUrl,
        Machine: owner.machine,
        Pid: String(owner.pid),
        Mode: mode,
        StartedAt: startedAt,
    });
}
function journalTags(journal) {
    return tags({
        Phase: journal.phase,
        From: journal.from,
        To: journal.to,
        Live: journal.live ?? '',
        Candidate: journal.candidate ?? '',
        Deployment: journal.deployment ?? '',
        IdleService: journal.idle?.service ?? '',
        IdleTaskDefinition: journal.idle?.taskDefinition ?? '',
        IdleDesired: journal.idle === undefined ? '' : String(journal.idle.desired),
        Shares: journal.shares ?? '',
    });
}
function tags(values) {
    return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, tagValue(value)]));
}
/** @param parseTime from text to milliseconds since the Unix epoch, or NaN */
function readLock(arn, name, found, parseTime) {
    const text = (key) => found[key] ?? '';
    const journal = readJournal(found);
    return {
        arn,
        name,
        owner: {
            nonce: text('Nonce'),
            repository: text('Repository'),
            runId: text('RunId'),
            attempt: Number(text('RunAttempt') || 0),
            job: text('Job'),
            runUrl: text('RunUrl'),
            machine: text('Machine'),
            pid: Number(text('Pid') || 0),
        },
        mode: text('Mode'),
        startedAt: parseTime(text('StartedAt')),
        expiresAt: parseTime(text('ExpiresAt')),
        fingerprint: JSON.stringify(Object.entries(found).sort()),
        ...(journal === undefined ? {} : { journal }),
    };
}
function readJournal(found) {
    const phase = phases.find(one => one === found.Phase);
    const from = journal_colors.find(one => one === found.From);
    const to = journal_colors.find(one => one === found.To);
    if (phase === undefined || from === undefined || to === undefined || from === to)
        return undefined;
    const { Live, Candidate, Deployment, IdleService, IdleTaskDefinition, IdleDesired = '', Shares } = found;
    const desired = /^\d{1,6}$/.test(IdleDesired) ? Number(IdleDesired) : undefined;
    return {
        phase,
        from,
        to,
        ...(Live ? { live: Live } : {}),
        ...(Candidate ? { candidate: Candidate } : {}),
        ...(Deployment ? { deployment: Deployment } : {}),
        ...(IdleService && IdleTaskDefinition && desired !== undefined
            ? { idle: { service: IdleService, taskDefinition: IdleTaskDefinition, desired } }
            : {}),
        ...(Shares ? { shares: Shares } : {}),
    };
}
/** `octo-org/app run 12 attempt 1 job deploy`. */
function journal_describeOwner(owner) {
    if (owner.runId === '')
        return owner.nonce === '' ? 'nobody who says so' : `a run outside of GitHub, ${owner.nonce}`;
    return `${owner.repository} run ${owner.runId} attempt ${owner.attempt} job ${owner.job}`;
}
/** What a run was about to do, in words. */
function journal_describeJournal({ phase, from, to, shares }) {
    switch (phase) {
        case 'staging':
            return `putting a new version on ${to}`;
        case 'shifting':
            return `moving traffic from ${from} to ${to}${shares === undefined ? '' : ` (${shares})`}`;
        case 'restoring':
            return `taking back what was begun on ${to}`;
        case 'settling':
            return `settling after the move to ${to}`;
        default:
            return phase;
    }
}
/** Whether traffic may be between the colors because of this run. Of all else that a dead run leaves, nothing needs to be undone. */
function isHalfShift(journal) {
    return journal?.phase === 'shifting' || journal?.phase === 'restoring';
}
/** The tag of the blue target group that keeps a journal while its lock changes hands. */
const shiftNoteTag = 'UnfinishedShift';
/** Long enough for a next run; a note that was forgotten must not explain what somebody does much later. */
const shiftNoteMs = (/* unused pure expression or super */ null && (24 * 3_600_000));
/** The direction, and what the idle service had where there is room for it: revisions by name, because two ARNs are too long. */
function shiftNote({ from, to, candidate, idle }, time) {
    const direction = `${from} to ${to} at ${time}`;
    if (candidate === undefined || idle === undefined)
        return direction;
    const [tried, had] = [candidate, idle.taskDefinition].map(arn => arn.slice(arn.lastIndexOf('/') + 1));
    const whole = `${direction} with ${tried} on ${idle.service} after ${idle.desired} of ${had}`;
    // Half of a name would be another one.
    return tagValue(whole) === whole ? whole : direction;
}
const noteForm = /^(\w+) to (\w+) at (\S+)(?: with (\S+) on (\S+) after (\d{1,6}) of (\S+))?$/;
/**
 * @param parseTime from text to milliseconds since the Unix epoch, or NaN
 * @param arnOf the ARN of a revision by its name; without it only the direction is read
 */
function readShiftNote(text, now, parseTime, arnOf) {
    const [, first, second, time = '', tried, service, desired, had] = noteForm.exec(text ?? '') ?? [];
    const from = journal_colors.find(color => color === first);
    const to = journal_colors.find(color => color === second);
    if (from === undefined || to === undefined || from === to)
        return undefined;
    if (!(Math.abs(now - parseTime(time)) < shiftNoteMs))
        return undefined;
    const direction = { phase: 'restoring', from, to };
    if (arnOf === undefined || tried === undefined || service === undefined || had === undefined)
        return direction;
    const idle = { service, taskDefinition: arnOf(had), desired: Number(desired) };
    return { ...direction, candidate: arnOf(tried), idle };
}
/**
 * Tags of the blue target group: whose lock was taken last, and by whom. The winner may have ended, and its lock be gone, before the
 * other one learns of it.
 */
function takenNote(from, by) {
    return tags({ LockTakenFrom: from.nonce, LockTakenBy: journal_describeOwner(by), LockTakenUrl: by.runUrl });
}
/** Who has taken the lock of the run with this nonce; undefined when nobody has noted it, or somebody's lock was taken since. */
function readTaken(nonce, found = {}) {
    const { LockTakenFrom, LockTakenBy = '', LockTakenUrl = '' } = found;
    return nonce === '' || LockTakenFrom !== nonce || LockTakenBy === ''
        ? undefined
        : { who: LockTakenBy, runUrl: LockTakenUrl };
}

;// CONCATENATED MODULE: ./lib/src/plan/lock.js

/** A lock is good for so long after its holder was last heard of. */
const leaseMs = 180_000;
/** A holder renews it after so long: three tries in a row may fail before it runs out. */
const renewAfterMs = 125_000;
/** How often a run that waits for a lock looks at it. */
const watchMs = 5_000;
/**
 * What to do about a lock that is there. The first row that applies:
 *
 * | what is so                                              | verdict   |
 * |---------------------------------------------------------|-----------|
 * | it is our own                                           | ours      |
 * | we were told to take it anyway                          | take over |
 * | a run of the same id made it, at an earlier attempt     | take over |
 * | a process of this machine made it, which has ended      | take over |
 * | it has expired                                          | take over |
 * | nothing of it has changed for the length of a lease     | take over |
 * | otherwise                                               | wait      |
 *
 * @param since when it was first seen as it is now, by our clock: the holder's may be wrong
 */
function assessLock(lock, asking, since, now) {
    const { owner } = lock;
    const me = asking.owner;
    if (owner.nonce !== '' && owner.nonce === me.nonce)
        return { kind: 'ours' };
    if (asking.takeOver === 'always')
        return { kind: 'take-over', because: 'this run may take it from a run that is alive' };
    const sameRun = owner.runId !== '' && owner.runId === me.runId && owner.repository === me.repository;
    // GitHub starts another attempt of a run only when the one before has ended.
    if (sameRun && owner.attempt < me.attempt) {
        return { kind: 'take-over', because: `attempt ${owner.attempt} of this run has ended` };
    }
    if (owner.machine !== '' && owner.machine === me.machine && owner.pid > 0 && !asking.runs(owner.pid)) {
        return { kind: 'take-over', because: `its process ${owner.pid} on this machine has ended` };
    }
    const latest = since + leaseMs;
    const until = lock.expiresAt < latest ? lock.expiresAt : latest;
    return until <= now ? { kind: 'take-over', because: 'it has expired, and was not renewed' } : { kind: 'wait', until };
}
/** Somebody else is at work, and alive. */
function locked(lock, sign) {
    const { owner, journal } = lock;
    return {
        code: 'LOCKED',
        headline: `Another run deploys to these two services: ${describeOwner(owner)}.`,
        details: [
            ...(owner.runUrl === '' ? [] : [`Its run: ${owner.runUrl}`]),
            ...(journal === undefined ? [] : [`It is ${describeJournal(journal)}.`]),
            `${sign} The lock is the target group ${lock.name}, which serves nobody else.`,
            'Run again when that run has ended. `concurrency` in the workflow lets the runs of one repository wait for each other.',
        ],
    };
}
/** Somebody else has taken the lock from this run. */
function lockLost(winner, name) {
    const who = winner === undefined ? 'somebody who has given it back already' : winner.who;
    return {
        code: 'LOCK_LOST',
        headline: `This run was superseded: the lock of these two services was taken over by ${who}.`,
        details: [
            ...(winner === undefined || winner.runUrl === '' ? [] : [`Its run: ${winner.runUrl}`]),
            `This run stopped before its next write, and leaves everything to that one. The lock is the target group ${name}.`,
            '`mode: status` shows where everything stands.',
        ],
    };
}
/** A target group of the lock's name that no run has made: it is not ours to delete. */
function notALock(found) {
    return {
        code: 'LOCKED',
        headline: `The target group ${found.name} has the name of the lock of these two services, but is no lock of this action.`,
        details: [found.arn, 'Delete it when nobody needs it, then run again.'],
    };
}
/** Whose lock it is and what for, in one line. */
function describeHolder({ owner, journal }) {
    const run = owner.runUrl === '' ? '' : ` (${owner.runUrl})`;
    return `${describeOwner(owner)}${run}${journal === undefined ? '' : `, ${describeJournal(journal)}`}`;
}
/** @param first what a run says that takes the traffic back */
function describeHalfShift(journal, first = 'It is healed already') {
    return `Traffic is between the colors: an earlier run was ended while it was ${describeJournal(journal)}. What a deploy does first: ${first}. The rest of this plan begins there`;
}
/** Who holds the lock and what for, for people who ask. */
function lock_lockLines({ name, owner, mode, journal, expiresAt }, now) {
    const left = Math.round((expiresAt - now) / 1_000);
    return [
        `${journal_describeOwner(owner)} holds the lock ${name} (mode ${mode}${owner.runUrl === '' ? '' : `, ${owner.runUrl}`})`,
        left > 0
            ? `Its lease ends in ${left}s, unless that run renews it`
            : 'Its lease is over: the next run takes it over',
        ...(journal === undefined ? [] : [`It is ${journal_describeJournal(journal)}`]),
    ];
}

;// CONCATENATED MODULE: ./lib/src/report/mermaid.js



/*
 * Pictures for the job summary. GitHub draws Mermaid by a version of its own choice, in the reader's light or dark theme: so only
 * what has been there since Mermaid 10 is used, and the lines have colors that stand out from both backgrounds.
 */
/** Points of a line: more are not told apart on a phone. */
const mostPoints = 40;
/** At least 3:1 on white and on GitHub's dark gray. The old and the new version have the colors of their services. */
const palette = { blue: '#2f81f7', green: '#2da44e', yellow: '#bf8700', red: '#e5534b' };
/**
 * Text from outside as a label of Mermaid. Everything but a few characters that mean nothing in any of its grammars becomes a
 * dot: there is no way to escape that all versions of Mermaid share, and no label is worth a picture that does not draw.
 */
function label(hostile, maxLength = 40) {
    const dead = hostile.replace(/[^A-Za-z0-9._+/-]+/g, '\u00b7');
    // Two hyphens may be an arrow, and three end or begin what is not the picture.
    const single = dead.replace(/-{2,}/g, '-');
    return single.length > maxLength ? `${single.slice(0, maxLength)}\u2026` : single;
}
/** Answers of each version around the moment when the new one first answered; without any, of all the time when requests failed. */
function mermaid_switchPicture({ traffic, sides }) {
    if (traffic === undefined || sides === undefined)
        return '';
    const { flip, slices: whole, fresh, failed } = traffic;
    const from = sides.before.color;
    if (flip !== undefined) {
        const { slices, zero } = switchWindow(oldThenNew(flip, fresh));
        const around = `around the first one of ${text(slices.versions.at(-1)?.version ?? '')}`;
        return picture(slices, { zero, around, fresh, failed, from });
    }
    if (whole === undefined || failed === 0)
        return '';
    const slices = wholeSlices(oldThenNew(whole, fresh));
    return picture(slices, { zero: slices.startAt, around: 'since the first request', fresh, failed, from });
}
function picture(slices, { zero, around, fresh, failed, from }) {
    const shown = merged(slices, Math.ceil(slices.failed.length / mostPoints));
    const lines = linesOf(shown, from, fresh);
    const second = (index) => ((shown.startAt - zero + index * shown.sliceMs) / 1_000).toFixed(1);
    const names = [...shown.versions.slice(0, 1), ...shown.versions.slice(1).slice(-1)].map(one => label(one.version));
    const outside = failedOutside(shown, failed);
    return [
        `Answers per ${span(shown.sliceMs)} ${around}: ${lines.map(line => `${line.color} ${line.means}`).join(', ')}.${outside === '' ? '' : ` **${outside}**`}`,
        fenced([
            '---',
            'config:',
            '  themeVariables:',
            '    xyChart:',
            `      plotColorPalette: "${lines.map(line => palette[line.color]).join(', ')}"`,
            '---',
            'xychart-beta',
            `  title "${names.join(' to ') || 'no version'}"`,
            `  x-axis "seconds" ${second(0)} --> ${second(Math.max(1, shown.failed.length - 1))}`,
            `  y-axis "answers per ${span(shown.sliceMs)}" 0 --> ${Math.max(1, ...lines.flatMap(line => line.counts))}`,
            ...lines.map(line => `  line [${line.counts.join(', ')}]`),
        ]),
    ].join('\n\n');
}
/** The old version, the new one, all others in one, and failed requests; only what there was. */
function linesOf({ versions, failed }, from, fresh) {
    const [first, ...rest] = versions;
    const last = rest.at(-1);
    const others = failed.map((_, index) => rest.slice(0, -1).reduce((sum, { counts }) => sum + (counts[index] ?? 0), 0));
    const any = (counts) => counts.some(count => count > 0);
    const line = (color, version) => version === undefined ? [] : [{ color, means: text(version.version), counts: version.counts }];
    return [
        ...line(last === undefined && first?.version === fresh ? otherColor(from) : from, first),
        ...line(otherColor(from), last),
        ...(any(others) ? [{ color: 'yellow', means: 'other versions', counts: others }] : []),
        ...(any(failed) ? [{ color: 'red', means: 'failed', counts: failed }] : []),
    ];
}
/** How long each phase took, since the beginning of the run. */
function mermaid_phasesPicture({ phases, startedAt }) {
    const [last] = phases.slice(-1);
    if (last === undefined || last.endedAt <= startedAt)
        return '';
    const tookMs = last.endedAt - startedAt;
    const [every, unit] = ticks.find(([count, one]) => tookMs <= mostTicks * count * milliseconds[one]) ?? longestTick;
    return fenced([
        'gantt',
        '  title Phases',
        '  dateFormat YYYY-MM-DD HH:mm:ss.SSS',
        `  axisFormat ${tookMs >= 3_600_000 ? '%H:%M' : '%M:%S'}`,
        `  tickInterval ${every}${unit}`,
        '  todayMarker off',
        ...phases.map(phase => `  ${phase.name} :${phase.name === 'rollback' ? 'crit, ' : ''}${times(phase, startedAt)}`),
    ]);
}
/** More would be written over each other on a phone. */
const mostTicks = 5;
const milliseconds = { second: 1_000, minute: 60_000 };
const longestTick = (/* unused pure expression or super */ null && ([240, 'minute']));
const ticks = [
    ...[1, 2, 5, 10, 20, 30].map(count => [count, 'second']),
    ...[1, 2, 5, 10, 20, 30, 60, 120].map(count => [count, 'minute']),
];
/** Mermaid reads and writes local time: on this day every clock is regular, so that no time zone can be seen. */
const day = Date.UTC(2001, 0, 10);
function times(phase, startedAt) {
    const shown = (at) => new Date(day + Math.max(0, at - startedAt)).toISOString().replace('T', ' ').replace('Z', '');
    return `${shown(phase.startedAt)}, ${shown(phase.endedAt)}`;
}
function fenced(lines) {
    return ['```mermaid', ...lines, '```'].join('\n');
}

;// CONCATENATED MODULE: ./lib/src/report/preview.js

/** More would push the rest off the page. */
const preview_limits = { swept: 100, steps: 50 };
function previewReport(facts) {
    const { healthy, url, id } = facts.preview;
    const links = healthy && url !== undefined ? { links: [{ label: `Open ${id}`, url }] } : {};
    return { ...facts, ...links, routes: [], phases: [], events: [] };
}
/** The title of the summary; its texts are escaped. */
function previewHeadline({ outcome, service }, preview) {
    const of = `${markdown_text(service)}: `;
    const id = markdown_text(preview.id ?? '');
    if ('failure' in outcome) {
        const what = preview.task === 'preview-sweep' ? 'sweep of previews' : `preview ${id}`;
        return `${of}${what} ${outcome.status === 'cancelled' ? 'cancelled' : 'failed'}`;
    }
    if (preview.dry)
        return `${of}plan for ${markdown_text(preview.task)}${id === '' ? '' : ` of ${id}`}`;
    switch (preview.task) {
        case 'preview':
            return `${of}preview ${id} is ready`;
        case 'preview-destroy':
            return `${of}preview ${id} is gone`;
        case 'preview-sweep':
            return `${of}previews swept`;
        default:
            return preview.task;
    }
}
function previewPart(preview, policy) {
    const { swept = [], steps = [] } = preview;
    const parts = [
        preview.task === 'preview' ? factsTable(preview) : '',
        swept.length === 0
            ? ''
            : `${table(['preview', 'why', ''], swept.slice(0, preview_limits.swept).map(sweptRow))}${andMore(swept.length, preview_limits.swept)}`,
        preview.dry && steps.length > 0 ? `### Steps\n\n${markdown_list(steps, preview_limits.steps)}` : '',
        policy === undefined
            ? ''
            : markdown_details('The least IAM policy for previews of this service', block(JSON.stringify(policy, undefined, 2))),
    ];
    return parts.filter(part => part !== '').join('\n\n');
}
function factsTable(preview) {
    const rows = [
        ['URL', preview.url === undefined ? undefined : code(preview.url)],
        ['found by', preview.place === undefined ? undefined : markdown_text(preview.place)],
        ['image', preview.image === undefined ? undefined : code(preview.image)],
        ['task definition', preview.taskDefinition === undefined ? undefined : code(preview_nameOf(preview.taskDefinition))],
        ['service and target group', preview.name === undefined ? undefined : code(preview.name)],
        ['tasks', preview.desired === undefined ? undefined : String(preview.desired)],
        ['stays until', preview.expires === undefined ? undefined : markdown_text(preview.expires)],
    ];
    const shown = rows.flatMap(([name, said]) => (said === undefined ? [] : [[name, said]]));
    return shown.length === 0 ? '' : table(['', ''], shown);
}
function sweptRow({ id, because, ended, failure }) {
    return [markdown_text(id), markdown_text(because), failure === undefined ? ended : `${ended}: ${markdown_text(failure.headline)}`];
}
/** What outputs say of a preview, over those of a deploy. */
function previewOutputs(preview) {
    if (preview === undefined)
        return { 'preview-url': '', 'preview-id': '', 'preview-expires': '' };
    const { url = '', id = '', expires = '', image, version, taskDefinition } = preview;
    // A URL that answers nothing, or production, is worse than none.
    const there = preview.healthy === true;
    return {
        'preview-url': there ? url : '',
        'preview-id': id,
        'preview-expires': there ? expires : '',
        ...(there && image !== undefined ? { image } : {}),
        ...(there && version !== undefined ? { version } : {}),
        ...(there && taskDefinition !== undefined ? { 'task-definition-arn': taskDefinition } : {}),
    };
}
/** What a plan or sweep says in the log, beside what was said on the way. */
function previewLines(report) {
    if (report.policy === undefined)
        return [];
    return [
        'Policy: the least that previews of this service need',
        ...JSON.stringify(report.policy, undefined, 2).split('\n'),
    ];
}
function preview_nameOf(arn) {
    return arn.slice(arn.lastIndexOf('/') + 1);
}

;// CONCATENATED MODULE: ./lib/src/model/color.js
const color_colors = ['blue', 'green'];
function color_otherColor(color) {
    return color === 'blue' ? 'green' : 'blue';
}

;// CONCATENATED MODULE: ./lib/src/report/tables.js


/** Every list is bounded, so that the whole is. */
const tables_limits = { steps: 50, routes: 50, targets: 50 };
/** What was live before and is now, or what is live and idle when nothing was switched. */
function switchTable(sides) {
    const shown = sides.before.color === sides.after.color
        ? [['live', sides.after], ...idleColumns(sides)]
        : [
            ['before', sides.before],
            ['after', sides.after],
        ];
    const row = (name, cell) => [name, ...shown.map(([, side]) => cell(side))];
    return table(['', ...shown.map(([title]) => title)], [
        row('color', side => side.color),
        row('version', side => (side.version === '' ? '\u2013' : `**${markdown_text(side.version)}**`)),
        row('image', side => (side.image === '' ? '\u2013' : code(side.image))),
        row('digest', side => (side.digest === undefined ? '\u2013' : code(side.digest))),
        row('revision', side => code(revision(side.taskDefinition))),
        row('service', side => code(side.service)),
        row('tasks', side => `${side.running}/${side.desired}`),
    ]);
}
/** Once idle has been put back, what was tried is nowhere any more, and has a column of its own. */
function idleColumns({ idle, candidate }) {
    if (candidate === undefined)
        return [['idle', idle]];
    return candidate.taskDefinition === idle.taskDefinition
        ? [['idle, tried', candidate]]
        : [
            ['idle', idle],
            ['tried', candidate],
        ];
}
function tables_routesTable(routes) {
    const rows = routes
        .slice(0, tables_limits.routes)
        .map(route => [markdown_text(route.label), route.audience, weights(route.before), weights(route.after)]);
    return `${table(['listener or rule', 'for', 'before', 'after'], rows)}${andMore(routes.length, tables_limits.routes)}`;
}
function weights(shares) {
    const named = color_colors.filter(color => shares[color] !== undefined);
    return named.length === 0 ? '\u2013' : named.map(color => `${color} ${shares[color]}`).join(', ');
}
function tables_phasesTable(phases) {
    const rows = phases.map(phase => [phase.name, time(phase.startedAt), markdown_span(phase.endedAt - phase.startedAt)]);
    return table(['phase', 'began', 'took'], rows);
}
function tables_stepsTable(steps) {
    const rows = steps.slice(-tables_limits.steps).map(step => [`${step.share / 10}%`, time(step.at)]);
    const earlier = steps.length - rows.length;
    const more = earlier > 0 ? `\n\nand ${earlier} before them` : '';
    return `${table(['traffic on the new version', 'since'], rows)}${more}`;
}
/** Who was behind the load balancer, as far as this run has looked. */
function tables_targetsTable({ color, targets, at }) {
    const healthy = targets.filter(({ state }) => state === 'healthy').length;
    const rows = targets
        .slice(0, tables_limits.targets)
        .map(target => [
        code(`${target.id}:${target.port}`),
        markdown_text(target.state),
        markdown_text([target.reason, target.description].filter(part => part !== undefined).join(': ')),
    ]);
    return `${healthy} of ${targets.length} targets of ${color} were healthy at ${time(at)}.\n\n${table(['target', 'health', 'why'], rows)}${andMore(targets.length, tables_limits.targets)}`;
}
function revision(taskDefinition) {
    return taskDefinition.slice(taskDefinition.lastIndexOf('/') + 1);
}
/** Time of day with milliseconds. */
function time(at) {
    return Number.isFinite(at) && at > 0 ? new Date(at).toISOString().slice(11, 23) : '\u2013';
}

;// CONCATENATED MODULE: ./lib/src/report/requests.js



/** Characters: the cause of one request must not push out what is told of all. */
const longestFailure = 200;
/** How requests to `production-url` have ended that were not answered well, in sentences without markup. What did not happen is not told. */
function howTheyEnded(traffic) {
    const { abandoned = 0, unsent = 0, askedAgain = 0 } = traffic;
    return [
        failures(traffic),
        abandoned === 0 ? '' : `${abandoned} more ${was(abandoned)} not answered when the run ended.`,
        unsent === 0 ? '' : `${unsent} ${was(unsent)} due but not sent, because every connection waited for an answer.`,
        askedAgain === 0
            ? ''
            : `${askedAgain} ${was(askedAgain)} asked once more: the connection had been closed while idle.`,
    ]
        .filter(sentence => sentence !== '')
        .join(' ');
}
/** In the log, at the end. */
function requestsLine(traffic) {
    const more = howTheyEnded(traffic);
    return `${counted(traffic.requests, 'request')} to production-url, ${traffic.failed} failed.${more === '' ? '' : ` ${more}`}`;
}
/** Also those that are allowed: whoever allows a few wants to know which. */
function failures({ failed, failedBy = {}, lastFailure, lastFailureAt }) {
    if (failed === 0 || lastFailure === undefined)
        return '';
    const kinds = Object.entries(failedBy)
        .sort(([, one], [, other]) => other - one)
        .map(([kind, count]) => `${count} ${kind}`);
    const by = kinds.length === 0 ? '' : `Failed: ${kinds.join(', ')}. `;
    const when = lastFailureAt === undefined ? '' : ` (${time(lastFailureAt)})`;
    return `${by}The last failure${when}: ${plain(lastFailure, longestFailure)}.`;
}
function was(count) {
    return count === 1 ? 'was' : 'were';
}

;// CONCATENATED MODULE: ./lib/src/report/setup.js

function setupReport(facts) {
    return { ...facts, routes: [], phases: [], events: [] };
}
/** The title of the summary; its texts are escaped. */
function setupHeadline({ outcome, service }, { dry, steps }) {
    const of = markdown_text(service);
    if ('failure' in outcome)
        return `${of}: setup ${outcome.status === 'cancelled' ? 'cancelled' : 'failed'}`;
    if (dry && steps.length > 0)
        return `${of}: plan for setup`;
    return outcome.status === 'unchanged' ? `${of}: is a pair already` : `${of}: ready for blue/green`;
}
/** What was made, how to go on, and how to go back. */
function setupPart({ dry, steps, parts, inputs, undo }, policy) {
    const shown = [
        steps.length === 0 ? '' : `### ${dry ? 'Steps' : 'What was done'}\n\n${markdown_list(steps)}`,
        parts.length === 0
            ? ''
            : table(['', ''], parts.map(([what, name]) => [markdown_text(what), code(name)])),
        inputs === undefined
            ? ''
            : `### Your deploys\n\n${block(usage(inputs).join('\n'))}\n\nThe workflows of examples/ take the same from variables of the repository:\n\n${block(variables(inputs).join('\n'))}`,
        undo.length === 0 ? '' : markdown_details('How to undo it', block(undo.join('\n'))),
        policy === undefined ? '' : markdown_details('The least IAM policy for setup', block(setup_policyText(policy))),
    ];
    return shown.filter(part => part !== '').join('\n\n');
}
/** The same for the log, but for the steps, which it has told on the way. */
function setupLines({ setup, policy }) {
    const { inputs, undo = [] } = setup ?? {};
    return [
        ...(inputs === undefined
            ? []
            : ['Your deploys', ...[...usage(inputs), ...variables(inputs)].map(line => `  ${line}`)]),
        ...(undo.length === 0 ? [] : ['To undo it', ...undo.map(line => `  ${line}`)]),
        ...(policy === undefined ? [] : ['Policy: the least that setup needs', ...setup_policyText(policy).split('\n')]),
    ];
}
function setupOutputs(setup) {
    return { 'setup-inputs': setup?.inputs === undefined ? '' : JSON.stringify(setup.inputs) };
}
/** A step of a workflow. */
function usage(inputs) {
    return [
        '- uses: org/ecs-bluegreen@v1',
        '  with:',
        ...Object.entries(inputs).map(([name, value]) => `    ${name}: ${value}`),
        '    image: \u2026 # the image to deploy',
    ];
}
const variableNames = {
    cluster: 'ECS_CLUSTER',
    service: 'ECS_SERVICE',
    'blue-service': 'BLUE_SERVICE',
    'green-service': 'GREEN_SERVICE',
    'listener-arns': 'LISTENER_ARNS',
    'test-listener-arns': 'TEST_LISTENER',
};
/** Commands of the GitHub CLI. A base name and full names exclude each other. */
function variables(inputs) {
    const others = inputs.service === undefined ? ['service'] : ['blue-service', 'green-service'];
    return [
        ...Object.entries(inputs).map(([name, value]) => `gh variable set ${variableNames[name] ?? name} --body ${value}`),
        ...others.map(name => `gh variable delete ${variableNames[name] ?? name} # if it is set`),
    ];
}
function setup_policyText(policy) {
    return JSON.stringify(policy, undefined, 2);
}

;// CONCATENATED MODULE: ./lib/src/report/status.js




/** Routes are the only thing of which there may be many. */
const mostDrift = 30;
/** Where everything stands, for the log. */
function statusLines(report) {
    const { standing, lock } = report;
    if (standing === undefined)
        return [];
    return [
        ...colors.flatMap(color => colorLines(standing.colors[color], report.routes)),
        ...(lock === undefined ? [] : lockLines(lock, report.endedAt)),
        ...(standing.unlocked === undefined ? [] : ['Nobody holds the lock of these two services']),
        ...(standing.shift === undefined ? [] : [shiftText(standing.shift)]),
        ...driftLines(standing),
    ];
}
function driftLines({ drift }) {
    if (drift === undefined)
        return ['What does not fit together is not looked for while that run may be at work'];
    if (drift.length === 0)
        return ['No drift: weights, tags and counts fit together'];
    return drift.map(({ kind, on, says }) => `Drift (${kind}) of ${on}: ${says}`);
}
/** The same for the job summary. */
function driftPart({ drift = [] }) {
    if (drift.length === 0)
        return '';
    const rows = drift.slice(0, mostDrift).map(({ kind, on, says }) => [kind, code(on), markdown_text(says, 1_000)]);
    return `**Drift**\n\n${table(['what', 'of', ''], rows)}${andMore(drift.length, mostDrift)}`;
}
function colorLines(side, routes) {
    const weights = routes.flatMap(({ label, audience, after }) => {
        const weight = after[side.color];
        return weight === undefined ? [] : `${label} ${weight} (${audience})`;
    });
    const rows = [
        ['version', side.version === '' ? 'unknown' : side.version],
        ['image', `${side.image === '' ? 'unknown' : side.image}${side.digest === undefined ? '' : ` (${side.digest})`}`],
        ['revision', status_revision(side)],
        ['tasks', `${side.running}/${side.desired} running`],
        ['targets', targetsText(side.targets)],
        ['weights', weights.length === 0 ? 'named by no listener or rule' : weights.join(', ')],
    ];
    return [`${roleText(side)}: ${side.service}`, ...rows.map(([name, says]) => `  ${name.padEnd(8)}  ${says}`)];
}
/** The same for the job summary; weights and lock have places of their own there. */
function standingTable({ colors: sides }) {
    const row = (name, cell) => [
        name,
        ...color_colors.map(color => cell(sides[color])),
    ];
    const known = (said) => (said === undefined || said === '' ? '\u2013' : code(said));
    return table(['', ...color_colors.map(color => `${color} (${sides[color].role})`)], [
        row('version', side => (side.version === '' ? '\u2013' : `**${markdown_text(side.version)}**`)),
        row('image', side => known(side.image)),
        row('digest', side => known(side.digest)),
        row('revision', side => code(status_revision(side))),
        row('service', side => code(side.service)),
        row('tasks', side => `${side.running}/${side.desired}`),
        row('targets', side => markdown_text(targetsText(side.targets))),
    ]);
}
/** What half a shift means, and who ends it. */
function shiftText({ journal, alive }) {
    return alive
        ? `Traffic is between the colors: the run that holds the lock is ${describeJournal(journal)}`
        : 'A run was ended in the middle of a shift: the next deploy gives all the traffic to one color first';
}
function roleText({ color, role }) {
    return role === 'unclear' ? `${color}, live or idle` : `${color} is ${role}`;
}
function targetsText(targets) {
    return targets.kind === 'read' ? `${targets.healthy}/${targets.total} healthy` : `unknown: ${targets.because}`;
}
function status_revision({ taskDefinition }) {
    return taskDefinition.slice(taskDefinition.lastIndexOf('/') + 1);
}

;// CONCATENATED MODULE: ./lib/src/report/summary.js












/** GitHub drops a step's summary above 1024 KiB; the rest is room for others in the same step. */
const maxBytes = (/* unused pure expression or super */ null && (1_000 * 1_024));
/** Bytes for what ends it, whatever is left out. */
const room = 8_192;
/** Every list is bounded, so that the whole is. */
const summary_limits = {
    versions: 50,
    events: 30,
    logLine: 500,
    requests: 1_000,
    details: 40,
    warnings: 20,
    links: 20,
    logs: 10,
    logBytes: 200_000,
};
/** The job summary: pure, from data to Markdown. */
function summaryOf(report, ways = {}) {
    const plan = planPart(report);
    const planned = report.mode === 'plan' && report.preview === undefined;
    const footer = `<sub>${text(report.service)} in cluster ${text(report.cluster)}, ${text(report.region)}; ${span(report.endedAt - report.startedAt)} in all.</sub>`;
    // The most important first: what there is no room for goes from the end.
    const { kept, left } = fitting([
        ['the headline', `## ${headline(report)}`],
        ['the cause', because(report)],
        ['links', linksOf(report)],
        ['last lines of containers', logsPart(report)],
        ['the plan', planned ? plan : ''],
        [
            'versions',
            detailParts(report)
                .filter(part => part !== '')
                .join('\n\n'),
        ],
        ['the way back', wayBack(report, ways)],
        ['requests', trafficPart(report.traffic, report.steps !== undefined)],
        ['the picture of the switch', switchPicture(report)],
        ['listeners and rules', report.routes.length === 0 ? '' : routesTable(report.routes)],
        ['steps', report.steps === undefined ? '' : stepsTable(report.steps)],
        ['the picture of the phases', phasesPicture(report)],
        ['phases', report.phases.length === 0 ? '' : phasesTable(report.phases)],
        ['targets', targetsPart(report)],
        ['warnings', report.warnings.length === 0 ? '' : list(report.warnings, summary_limits.warnings)],
        ['events', report.events.length === 0 ? '' : eventsPart(report)],
        ['checks', planned ? '' : plan],
    ], maxBytes - room);
    const end = leftOut(left, 'GitHub shows no summary above 1 MiB');
    return `${[...kept, end, footer].filter(part => part !== '').join('\n\n')}\n`;
}
/** What is so now, or is to be. */
function detailParts(report) {
    const { preview, setup, policy, lock, standing, endedAt } = report;
    return [
        preview === undefined ? '' : previewPart(preview, policy),
        setup === undefined ? '' : setupPart(setup, policy),
        lock === undefined ? '' : markdown_list(lock_lockLines(lock, endedAt)),
        standing === undefined ? '' : driftPart(standing),
        sidesPart(report),
    ];
}
function headline(report) {
    if (report.setup !== undefined)
        return setupHeadline(report, report.setup);
    if (report.preview !== undefined)
        return previewHeadline(report, report.preview);
    const { outcome, sides } = report;
    const service = markdown_text(report.service);
    switch (outcome.status) {
        case 'succeeded':
            return sides === undefined || sides.before.color === sides.after.color
                ? `${service}: done${stillLive(sides)}`
                : `${service}: ${markdown_text(sides.before.version)} \u2192 ${markdown_text(sides.after.version)}, now live on ${sides.active}`;
        case 'staged':
            return `${service}: ${markdown_text(sides?.candidate?.version ?? '')} is staged${stillLive(sides)}`;
        case 'unchanged':
            return sides === undefined
                ? `${service}: unchanged`
                : report.mode === 'plan'
                    ? `${service}: plan, ${markdown_text(sides.after.version)} is live on ${sides.active}`
                    : report.mode === 'status'
                        ? `${service}: ${markdown_text(sides.after.version)} is live on ${sides.active}`
                        : `${service}: unchanged, ${markdown_text(sides.after.version)} is live on ${sides.active}`;
        case 'failed':
            return `${service}: failed${stillLive(sides)}`;
        case 'rolled-back':
            return `${service}: rolled back${stillLive(sides)}`;
        case 'cancelled':
            return `${service}: cancelled${stillLive(sides)}`;
        default:
            return outcome;
    }
}
function stillLive(sides) {
    if (sides === undefined)
        return '';
    return sides.after.version === ''
        ? `, ${sides.active} is live`
        : `, ${markdown_text(sides.after.version)} is live on ${sides.active}`;
}
function because(report) {
    const { outcome } = report;
    switch (outcome.status) {
        case 'succeeded':
        case 'staged':
        case 'unchanged':
            return report.mode === 'status' ? '' : `${markdown_text(outcome.because)}.`;
        case 'failed':
        case 'rolled-back':
        case 'cancelled': {
            const { failure } = outcome;
            return [
                `**${failure.code}**: ${markdown_text(failure.headline, 1_000)}${hintOfLogs(report)}`,
                markdown_list(failure.details, summary_limits.details),
            ]
                .filter(part => part !== '')
                .join('\n\n');
        }
        default:
            return outcome;
    }
}
function linksOf({ links = [] }) {
    const shown = links.slice(0, summary_limits.links).map(({ label, url }) => markdown_link(label, url));
    return `${shown.join(' \u00b7 ')}${andMore(links.length, summary_limits.links)}`;
}
/** Folded, right under the failure: what the containers themselves have said explains most crashes. */
function logsPart({ logs = [] }) {
    const most = summary_limits.logBytes / Math.min(summary_limits.logs, logs.length);
    const told = logs
        .slice(0, summary_limits.logs)
        .map(({ container, task, lines, note: why }) => {
        const shown = lastLines(lines, most);
        const title = `Last lines of ${container} in task ${task}`;
        const folded = shown.length === 0 ? '' : markdown_details(`${title} (${shown.length})`, block(shown.join('\n'), most));
        if (why !== undefined)
            return [folded, note(why)].filter(part => part !== '').join('\n\n');
        return folded === '' ? markdown_text(`${title}: it printed nothing.`) : folded;
    })
        .join('\n\n');
    return `${told}${andMore(logs.length, summary_limits.logs)}`;
}
/** Those that a block of so many bytes surely has room for, escapes included: of a crash, the last ones tell. */
function lastLines(lines, most) {
    const clipped = lines.map(line => (line.length > summary_limits.logLine ? `${line.slice(0, summary_limits.logLine)}\u2026` : line));
    let bytes = 0;
    const from = clipped.findLastIndex(line => {
        bytes += Buffer.byteLength(block(line)) + 1;
        return bytes > most;
    });
    return clipped.slice(from + 1);
}
/** In the first screen, which a long list of details would leave to others. */
function hintOfLogs({ logs = [] }) {
    const spoke = [...new Set(logs.filter(({ lines }) => lines.length > 0).map(({ container }) => container))];
    if (spoke.length > 0)
        return ` What ${markdown_text(spoke.join(' and '))} said last is below.`;
    return logs.some(log => log.note !== undefined) ? ' Why the last lines of its containers are missing is below.' : '';
}
function sidesPart({ standing, sides }) {
    if (standing !== undefined)
        return standingTable(standing);
    return sides === undefined ? '' : switchTable(sides);
}
function trafficPart(traffic, stepped) {
    if (traffic === undefined)
        return '';
    const mixed = traffic.mixedMs === undefined
        ? ''
        : traffic.mixedMs === 0
            ? ` ${stepped ? 'Once the new version had all the traffic it' : 'It'} never heard both versions at once; it asked every ${traffic.everyMs} ms on average.`
            : ` Both versions answered for ${markdown_span(traffic.mixedMs)}${stepped ? ' after the last step' : ''}; it asked every ${traffic.everyMs} ms on average.`;
    const ended = howTheyEnded(traffic);
    const first = `**${count_counted(traffic.requests, 'request')}** to ${code(traffic.url)} during the switch, **${traffic.failed} failed**.${ended === '' ? '' : ` ${markdown_text(ended, summary_limits.requests)}`}${mixed}`;
    const rows = traffic.versions
        .slice(0, summary_limits.versions)
        .map(seen => [markdown_text(seen.version), String(seen.count), time(seen.firstAt), time(seen.lastAt)]);
    const more = andMore(traffic.versions.length, summary_limits.versions);
    return rows.length === 0 ? first : `${first}\n\n${table(['version', 'answers', 'first', 'last'], rows)}${more}`;
}
function targetsPart({ targets = [] }) {
    return targets.length === 0 ? '' : details('Targets', targets.map(targetsTable).join('\n\n'));
}
function eventsPart(report) {
    const lines = report.events.slice(0, summary_limits.events).map(event => `- ${time(event.at)} ${markdown_text(event.message)}`);
    return markdown_details(`Events of ${report.sides?.candidate?.service ?? report.sides?.after.service ?? 'the service'} since the start (${report.events.length})`, `${lines.join('\n')}${andMore(report.events.length, summary_limits.events)}`);
}

;// CONCATENATED MODULE: ./lib/src/report/way-back.js


function way_back_wayBack(report, { rollback }) {
    const { outcome, sides } = report;
    if (report.mode === 'status' || report.mode === 'plan' || sides === undefined)
        return '';
    switch (outcome.status) {
        case 'rolled-back':
            return `Production is back on ${sides.before.color}, all of it. Mend the cause and run again.`;
        case 'staged':
            return `**To go on**: run this action with ${code('mode: promote')} and ${code(`task-definition-arn: ${sides.candidate?.taskDefinition ?? ''}`)}.`;
        case 'succeeded':
            if (sides.before.color === sides.after.color)
                return '';
            if (report.mode === 'rollback') {
                return `To deploy ${markdown_text(sides.before.version)} again once it is mended, run this action with ${code(`image: ${sides.before.image}`)}.`;
            }
            return `**To go back**: ${rollback === undefined
                ? `run this action with ${code('mode: rollback')}.`
                : `${markdown_link('run the rollback workflow', rollback)}.`} ${sides.before.desired === 0
                ? `${markdown_text(sides.before.version)} is parked on ${sides.before.color}, and started again first.`
                : `${markdown_text(sides.before.version)} still runs on ${sides.before.color}.`}`;
        case 'failed':
        case 'cancelled':
            if (!allOn(report.routes, sides.before.color)) {
                return `**To go back**: run this action with ${code(`image: ${sides.before.image}`)}, or set the weights by hand.`;
            }
            return [
                report.left
                    ? `Production is on ${sides.before.color}, all of it.`
                    : `Production never left ${sides.before.color}.`,
                ...(outcome.status === 'cancelled' ? [] : ['Mend the cause and run again.']),
            ].join(' ');
        case 'unchanged':
            return '';
        default:
            return outcome;
    }
}
/** Whether every production route sends to this color only, by its weights at the end. */
function allOn(routes, color) {
    return routes
        .filter(route => route.audience === 'production')
        .every(route => color_colors.every(one => (route.after[one] ?? 0) > 0 === (one === color)));
}

;// CONCATENATED MODULE: ./lib/src/model/strategy.js
/** All of the traffic. */
const wholeShare = 1_000;

;// CONCATENATED MODULE: ./lib/src/report/window.js
/** Slices that are shown before the first answer of the new version, and after the last of the old one. */
const leastMargin = 10;
/**
 * The part of the slices in which a switch took place, with as much again on both sides, and when the new version first answered.
 * It begins early enough for every failure before that, and ends late enough for every one after.
 */
function window_switchWindow(flip) {
    const fresh = flip.versions.at(-1);
    const first = Math.max(0, fresh?.counts.findIndex(count => count > 0) ?? 0);
    const others = [...flip.versions.slice(0, -1).map(version => version.counts), flip.failed];
    const last = Math.max(first, ...others.map(counts => counts.findLastIndex(count => count > 0)));
    const margin = Math.max(leastMargin, last - first);
    const failedFrom = flip.failed.findIndex(count => count > 0);
    const from = Math.max(0, Math.min(first - margin, failedFrom < 0 ? first : failedFrom));
    const until = Math.min(complete(flip), last + margin + 1);
    return { slices: part(flip, from, until), zero: flip.startAt + first * flip.sliceMs };
}
/** A picture that leaves out failures says how many: a quiet one would be taken for proof that there were none. */
function window_failedOutside(shown, failed) {
    const outside = failed - total(shown.failed);
    return outside > 0 ? `${outside} more failed outside of this picture.` : '';
}
/** With the version that the run was to bring as the last one, in whatever order they answered. */
function window_oldThenNew(slices, fresh) {
    const { versions } = slices;
    const last = versions.find(({ version }) => version === fresh) ?? versions.at(-1);
    return { ...slices, versions: versions.filter(one => one !== last).concat(last ?? []) };
}
/** Without the last slice, when that may not be whole. */
function window_wholeSlices(slices) {
    return part(slices, 0, complete(slices));
}
/** The last slice may have been cut off by the end of the run: it would look like a dip. A failure in it is shown all the same. */
function complete({ failed }) {
    return failed.length > 1 && failed.at(-1) === 0 ? failed.length - 1 : failed.length;
}
function part(slices, from, until) {
    return mapped({ ...slices, startAt: slices.startAt + from * slices.sliceMs }, counts => counts.slice(from, until));
}
/**
 * So many slices in one. The first ones that would not fill one are left out: a slice that is not whole looks like a dip. With a failure
 * in them they are one all the same.
 */
function window_merged(slices, factor) {
    if (factor <= 1)
        return slices;
    const { length } = slices.failed;
    const rest = length % factor;
    const from = rest > 0 && total(slices.failed.slice(0, rest)) > 0 ? rest - factor : rest;
    const sums = (counts) => Array.from({ length: (length - from) / factor }, (_, index) => total(counts.slice(Math.max(0, from + index * factor), from + (index + 1) * factor)));
    const { startAt, sliceMs } = slices;
    return mapped({ ...slices, startAt: startAt + from * sliceMs, sliceMs: sliceMs * factor }, sums);
}
function total(counts) {
    return counts.reduce((sum, count) => sum + count, 0);
}
function mapped(slices, change) {
    return {
        ...slices,
        versions: slices.versions.map(({ version, counts }) => ({ version, counts: change(counts) })),
        failed: change(slices.failed),
    };
}

;// CONCATENATED MODULE: ./lib/src/report/page/charts.js



/** Characters of a version's name: longer ones would not fit beside their line. */
const longestName = 60;
/** The charts of a run, by name; those for which there are no numbers are absent. */
function chartsOf(report) {
    const { traffic, weights, startedAt } = report;
    const { slices, flip, fresh = '', failed = 0 } = traffic ?? {};
    const whole = slices === undefined ? undefined : window_wholeSlices(window_oldThenNew(slices, fresh));
    return {
        ...(flip === undefined ? {} : { flip: flipChart(flip, fresh, failed) }),
        ...(whole === undefined
            ? {}
            : { all: { ...answers(whole, startedAt, 'seconds since the start'), ...left(whole, failed) } }),
        ...(weights === undefined ? {} : { weights: weightsChart(weights, report) }),
    };
}
/** @param failed of all requests, also of those that are not in these slices */
function flipChart(flip, fresh, failed) {
    const { slices, zero } = window_switchWindow(window_oldThenNew(flip, fresh));
    const across = `seconds since the first answer of ${charts_name(slices.versions.at(-1)?.version)}`;
    return { ...answers(slices, zero, across), ...left(slices, failed) };
}
function left(shown, failed) {
    const outside = window_failedOutside(shown, failed);
    return outside === '' ? {} : { outside };
}
/** @param zero when the time of the chart is 0, in milliseconds since the Unix epoch */
function answers({ startAt, sliceMs, versions, failed }, zero, across) {
    const last = versions.length - 1;
    const role = (index) => last > 0 && index === last ? 'new' : index === 0 ? 'old' : 'others';
    // The last slice ends where the next one would begin.
    const closed = (counts) => [...counts, ...counts.slice(-1)];
    return {
        across,
        up: `answers per ${sliceMs} ms`,
        x: closed(failed).map((_, index) => Math.round(startAt + index * sliceMs - zero) / 1_000),
        lines: [
            ...versions.map(({ version, counts }, index) => ({
                role: role(index),
                label: charts_name(version),
                values: closed(counts),
            })),
            { role: 'failed', label: 'failed', values: closed(failed) },
        ],
    };
}
function weightsChart(weights, { startedAt, endedAt, sides, traffic }) {
    const points = [...weights, { at: endedAt, share: weights.at(-1)?.share ?? 0 }];
    const percent = (share) => (share * 100) / wholeShare;
    const fresh = sides?.candidate?.version ?? traffic?.fresh ?? sides?.after.version;
    return {
        across: 'seconds since the start',
        up: 'percent of the traffic',
        x: points.map(({ at }) => Math.round(at - startedAt) / 1_000),
        lines: [
            { role: 'old', label: charts_name(sides?.before.version), values: points.map(({ share }) => 100 - percent(share)) },
            { role: 'new', label: charts_name(fresh), values: points.map(({ share }) => percent(share)) },
        ],
    };
}
function charts_name(version) {
    return version === undefined || version === '' ? 'others' : plain(version, longestName);
}

;// CONCATENATED MODULE: external "node:crypto"
const external_node_crypto_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:crypto");
;// CONCATENATED MODULE: ./node_modules/marked/lib/marked.esm.js
/**
 * marked v18.2.1 - a markdown parser
 * Copyright (c) 2018-2026, MarkedJS. (MIT License)
 * Copyright (c) 2011-2018, Christopher Jeffrey. (MIT License)
 * https://github.com/markedjs/marked
 */

/**
 * DO NOT EDIT THIS FILE
 * The code in this file is generated from files in ./src/
 */

function G(){return{async:!1,breaks:!1,extensions:null,gfm:!0,hooks:null,pedantic:!1,renderer:null,silent:!1,tokenizer:null,walkTokens:null}}var S=G();function ue(l){S=l}var q={exec:()=>null};function D(l){let e=[];return t=>{let n=Math.max(0,Math.min(3,t-1)),r=e[n];return r||(r=l(n),e[n]=r),r}}function g(l,e=""){let t=typeof l=="string"?l:l.source,n={replace:(r,s)=>{let o=typeof s=="string"?s:s.source;return o=o.replace(O.caret,"$1"),t=t.replace(r,o),n},getRegex:()=>new RegExp(t,e)};return n}var _e=((l="")=>{try{return!!new RegExp("(?<=1)(?<!1)"+l)}catch{return!1}})(),O={codeRemoveIndent:/^(?: {0,3}\t| {1,4})/gm,listInterruptsParagraph:/^ {0,3}(?:[*+-]|1[.)])[ \t]+[^ \t\n]/,outputLinkReplace:/\\([\[\]])/g,indentCodeCompensation:/^(\s+)(?:```)/,beginningSpace:/^\s+/,endingHash:/#$/,startingSpaceChar:/^ /,endingSpaceChar:/ $/,endingSpaceTabChar:/[ \t]$/,nonSpaceChar:/[^ ]/,newLineCharGlobal:/\n/g,tabCharGlobal:/\t/g,leadingSpaceTab:/^[ \t]+/,multipleSpaceGlobal:/\s+/g,blankLine:/^[ \t]*$/,doubleBlankLine:/\n[ \t]*\n[ \t]*$/,blockquoteStart:/^ {0,3}>/,blockquoteSetextReplace:/\n {0,3}((?:=+|-+)[ \t]*)(?=\n|$)/g,blockquoteSetextReplace2:/^ {0,3}>[ \t]?/gm,blockquoteMarkerWhitespace:/^( {0,3}>)(\t[ \t]*)/gm,nestedBlockMarker:/^ {0,3}(?:(?:[*+-]|\d{1,9}[.)])(?: |$)|> ?)/,listReplaceNesting:/^ {1,4}(?=( {4})*[^ ])/g,listIsTask:/^\[[ xX]\][ \t]+\S/,listReplaceTask:/^\[[ xX]\][ \t]+/,listTaskCheckbox:/\[[ xX]\]/,anyLine:/\n.*\n/,hrefBrackets:/^<(.*)>$/,tableDelimiter:/[:|]/,tableAlignChars:/^\||\| *$/g,tableRowBlankLine:/\n[ \t]*$/,tableAlignRight:/^ *-+: *$/,tableAlignCenter:/^ *:-+: *$/,tableAlignLeft:/^ *:-+ *$/,startATag:/^<a /i,endATag:/^<\/a>/i,startPreScriptTag:/^<(pre|code|kbd|script)(\s|>)/i,endPreScriptTag:/^<\/(pre|code|kbd|script)(\s|>)/i,startAngleBracket:/^</,endAngleBracket:/>$/,pedanticHrefTitle:/^([^'"]*[^\s])\s+(['"])(.*)\2/,unicodeAlphaNumeric:/[\p{L}\p{N}]/u,numericCharacterReference:/&#(?:(\d{1,7})|[Xx]([A-Fa-f0-9]{1,6}));/,numericCharacterReferenceOrAmpersand:/&#(?:(\d{1,7})|[Xx]([A-Fa-f0-9]{1,6}));|&(?!(#\d{1,7}|#[Xx][a-fA-F0-9]{1,6}|\w+);)/g,escapeTest:/[&<>"']/,escapeReplace:/[&<>"']/g,escapeTestNoEncode:/[<>"']|&(?!(#\d{1,7}|#[Xx][a-fA-F0-9]{1,6}|\w+);)/,escapeReplaceNoEncode:/[<>"']|&(?!(#\d{1,7}|#[Xx][a-fA-F0-9]{1,6}|\w+);)/g,caret:/(^|[^\[])\^/g,percentDecode:/%25/g,findPipe:/\|/g,splitPipe:/ \|/,slashPipe:/\\\|/g,carriageReturn:/\r\n|\r/g,spaceLine:/^ +$/gm,notSpaceStart:/^\S*/,endingNewline:/\n$/,listItemRegex:l=>new RegExp(`^( {0,3}${l})((?:[	 ][^\\n]*)?(?:\\n|$))`),nextBulletRegex:D(l=>new RegExp(`^ {0,${l}}(?:[*+-]|\\d{1,9}[.)])((?:[ 	][^\\n]*)?(?:\\n|$))`)),hrRegex:D(l=>new RegExp(`^ {0,${l}}((?:-[ 	]*){3,}|(?:_[ 	]*){3,}|(?:\\*[ 	]*){3,})(?:\\n+|$)`)),fencesBeginRegex:D(l=>new RegExp(`^ {0,${l}}(?:\`\`\`|~~~)`)),headingBeginRegex:D(l=>new RegExp(`^ {0,${l}}#{1,6}(?:\\s|$)`)),pedanticHeadingBeginRegex:D(l=>new RegExp(`^ {0,${l}}#`)),htmlBeginRegex:D(l=>new RegExp(`^ {0,${l}}(?:</?(?:${he})(?:[ \\t]+|$|/?>)|<(?:(?:script|pre|style|textarea)(?:[\\s>]|$)|!--)|<\\?|<![A-Za-z]|<!\\[CDATA\\[)`,"i")),blockquoteBeginRegex:D(l=>new RegExp(`^ {0,${l}}>`)),nestedContainerMarkers:/^(?: {0,3}(?:(?:[*+-]|\d{1,9}[.)])[ \t]+|>[ \t]?))+/},Ge=/^(?:[ \t]*(?:\n|$))+/,Ne=/^((?: {4}| {0,3}\t)[^\n]+(?:\n(?:[ \t]*(?:\n|$))*)?)+/,Fe=/^ {0,3}(`{3,}(?=[^`\n]*(?:\n|$))|~{3,})([^\n]*)(?:\n|$)(?:|([\s\S]*?)(?:\n|$))(?: {0,3}(?:(?=`)\1`*|(?=~)\1~*) *(?=\n|$)|$)/,V=/^ {0,3}((?:-[\t ]*){3,}|(?:_[ \t]*){3,}|(?:\*[ \t]*){3,})(?:\n+|$)/,Qe=/^ {0,3}(#{1,6})(?=\s|$)(.*)(?:\n+|$)/,ce=/ {0,3}(?:[*+-]|\d{1,9}[.)])/,he="address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|meta|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul",J=g(" {0,3}(?:</?(?:tag)(?:[ \\t]+|\\n|/?>)|<(?:(?:script|pre|style|textarea)(?:[\\s>]|$)|!--)|<\\?|<![A-Za-z]|<!\\[CDATA\\[)").replace("tag",he).getRegex(),$e=/^(?!bull |blockCode|fences|blockquote|heading|html|table)((?:.|\n(?!\s*?\n|bull |fences|blockquote|heading|hr|html|table))+?)\n {0,3}(=+|-+)[ \t]*(?:\n+|$)/,Le=g($e).replace(/bull/g,ce).replace(/blockCode/g,/(?: {4}| {0,3}\t)/).replace(/fences/g,/ {0,3}(?:`{3,}|~{3,})/).replace(/blockquote/g,/ {0,3}>/).replace(/heading/g,/ {0,3}#{1,6}(?:\s|$)/).replace(/hr/g,/ {0,3}(?:(?:-[\t ]*){3,}|(?:_[ \t]*){3,}|(?:\*[ \t]*){3,})(?:\n+|$)/).replace(/\|table/g,"").replace(/html/g,J).getRegex(),We=g($e).replace(/bull/g,ce).replace(/blockCode/g,/(?: {4}| {0,3}\t)/).replace(/fences/g,/ {0,3}(?:`{3,}|~{3,})/).replace(/blockquote/g,/ {0,3}>/).replace(/heading/g,/ {0,3}#{1,6}(?:\s|$)/).replace(/hr/g,/ {0,3}(?:(?:-[\t ]*){3,}|(?:_[ \t]*){3,}|(?:\*[ \t]*){3,})(?:\n+|$)/).replace(/table/g,/ {0,3}\|?(?:[:\- ]*\|)+[\:\- ]*\n/).replace(/html/g,J).getRegex(),de=/^([^\n]+(?:\n(?!hr|heading|lheading|blockquote|fences|list|html|table|[ \t]+\n)[^\n]+)*)/,Ue=/^[^\n]+/,ge=/(?!\s*\])(?:\\[\s\S]|[^\[\]\\\n]|\n(?![ \t]*\n))+/,Ke=g(/^ {0,3}\[(label)\]: *(?:\n[ \t]*)?([^<\s][^\s]*|<(?:\\.|[^\n<>\\])*>)(?:(?: +(?:\n[ \t]*)?| *\n[ \t]*)(title))? *(?:\n+|$)/).replace("label",ge).replace("title",/(?:"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\\n]|\n(?!\n))*'|\((?:\\[\s\S]|[^()\\])*\))/).getRegex(),Xe=g(/^(bull)([ \t][^\n]*?)?(?:\n|$)/).replace(/bull/g,ce).getRegex(),ke=/<!--(?:-?>|[\s\S]*?(?:-->|$))/,Ve=g("^ {0,3}(?:<(script|pre|style|textarea)[\\s>][\\s\\S]*?(?:</\\1>[^\\n]*\\n*|$)|comment[^\\n]*(\\n+|$)|<\\?[\\s\\S]*?(?:\\?>[^\\n]*\\n*|$)|<![A-Z][\\s\\S]*?(?:>[^\\n]*\\n*|$)|<!\\[CDATA\\[[\\s\\S]*?(?:\\]\\]>[^\\n]*\\n*|$)|</?(tag)(?:[ \\t]+|\\n|/?>|$)[\\s\\S]*?(?:(?:\\n[ 	]*)+\\n|$)|<(?!(?:script|pre|style|textarea)(?![a-z0-9-]))([a-z][a-z0-9-]*)(?:attribute)*?[ \\t]*/?>(?=[ \\t]*(?:\\n|$))[\\s\\S]*?(?:(?:\\n[ 	]*)+\\n|$)|</[a-z][a-z0-9-]*\\s*>(?=[ \\t]*(?:\\n|$))[\\s\\S]*?(?:(?:\\n[ 	]*)+\\n|$))","i").replace("comment",ke).replace("tag",he).replace("attribute",/[ \t]+[a-zA-Z:_][\w.:-]*(?:[ \t]*=[ \t]*"[^"\n]*"|[ \t]*=[ \t]*'[^'\n]*'|[ \t]*=[ \t]*[^\s"'=<>`]+)?/).getRegex(),Ce=l=>g(de).replace("hr",V).replace("heading"," {0,3}#{1,6}(?:\\s|$)").replace("|lheading","").replace("|table","").replace("blockquote"," {0,3}>").replace("fences"," {0,3}(?:`{3,}(?=[^`\\n]*(?:\\n|$))|~~~)[^\\n]*(?:\\n|$)").replace("list",l).replace("html",J).getRegex(),Je=Ce(/ {0,3}(?:[*+-]|1[.)])[ \t]+[^ \t\n]/),Ye=Ce(/ {0,3}(?:[*+-]|\d{1,9}[.)])(?:[ \t]|\n|$)/),et=g(/^( {0,3}> ?(?:(?![ \t]*(?:\n|$))(paragraph)|[^\n]*)(?:\n|$))+/).replace("paragraph",Ye).getRegex(),fe={blockquote:et,code:Ne,def:Ke,fences:Fe,heading:Qe,hr:V,html:Ve,lheading:Le,list:Xe,newline:Ge,paragraph:Je,table:q,text:Ue},Pe=g("^ *([^\\n ].*)\\n {0,3}((?:\\| *)?:?-+:? *(?:\\| *:?-+:? *)*(?:\\| *)?)(?:\\n((?:(?! *\\n|hr|heading|blockquote|code|fences|list|html).*(?:\\n|$))*)\\n*|$)").replace("hr",V).replace("heading"," {0,3}#{1,6}(?:\\s|$)").replace("blockquote"," {0,3}>").replace("code","(?: {4}| {0,3}	)[^\\n]").replace("fences"," {0,3}(?:`{3,}(?=[^`\\n]*(?:\\n|$))|~~~)[^\\n]*(?:\\n|$)").replace("list"," {0,3}(?:[*+-]|1[.)])[ \\t]").replace("html",J).getRegex(),tt={...fe,lheading:We,table:Pe,paragraph:g(de).replace("hr",V).replace("heading"," {0,3}#{1,6}(?:\\s|$)").replace("|lheading","").replace("table",Pe).replace("blockquote"," {0,3}>").replace("fences"," {0,3}(?:`{3,}(?=[^`\\n]*(?:\\n|$))|~~~)[^\\n]*(?:\\n|$)").replace("list"," {0,3}(?:[*+-]|1[.)])[ \\t]+[^ \\t\\n]").replace("html",J).getRegex()},nt={...fe,html:g(`^ *(?:comment(?: *\\n|\\s*$)|<(tag)[\\s\\S]+?</\\1>(?: *\\n{2,}|\\s*$)|<tag(?:"[^"]*"|'[^']*'|\\s[^'"/>\\s]*)*?/?>(?: *\\n{2,}|\\s*$))`).replace("comment",ke).replace(/tag/g,"(?!(?:a|em|strong|small|s|cite|q|dfn|abbr|data|time|code|var|samp|kbd|sub|sup|i|b|u|mark|ruby|rt|rp|bdi|bdo|span|br|wbr|ins|del|img)\\b)\\w+(?!:|[^\\w\\s@]*@)\\b").getRegex(),def:/^ *\[([^\]]+)\]: *<?([^\s>]+)>?(?: +(["(][^\n]+[")]))? *(?:\n+|$)/,heading:/^(#{1,6})(.*)(?:\n+|$)/,fences:q,lheading:/^(.+?)\n {0,3}(=+|-+) *(?:\n+|$)/,paragraph:g(de).replace("hr",V).replace("heading",` *#{1,6} *[^
]`).replace("|table","").replace("blockquote"," {0,3}>").replace("|fences","").replace("|list","").replace("|html","").replace("|tag","").replace("lheading",Le).getRegex()},rt=/^\\([!"#$%&'()*+,\-./:;<=>?@\[\]\\^_`{|}~])/,st=/^(`+)([^`]|[^`][\s\S]*?[^`])\1(?!`)/,Ie=/^( {2,}|\\)\n(?!\s*$)[ \t]*/,it=/^(`+|[^`])(?:(?= {2,}\n)|[\s\S]*?(?:(?=[\\<!\[`*_]|\b_|$)|[^ ](?= {2,}\n)))/,L=/[\p{P}\p{S}]/u,N=/[\s\p{P}\p{S}]/u,Y=/[^\s\p{P}\p{S}]/u,ot=g(/^((?![*_])punctSpace)/,"u").replace(/punctSpace/g,N).getRegex(),at=/[\p{Pi}\p{Ps}"']/u,Ae=/(?!~)[\p{P}\p{S}]/u,lt=/(?!~)[\s\p{P}\p{S}]/u,ut=/(?:[^\s\p{P}\p{S}]|~)/u,pt=g(/link|precode-code|html/,"g").replace("link",/\[(?:[^\[\]`]|(?<a>`+)[^`]+\k<a>(?!`))*?\]\((?:\\[\s\S]|[^\\\(\)]|\((?:\\[\s\S]|[^\\\(\)])*\))*\)/).replace("precode-",_e?"(?<!`)()":"(^^|[^`])").replace("code",/(?<b>`+)[^`]+\k<b>(?!`)/).replace("html",/<(?! )[^<>]*?>/).getRegex(),Ee=/^(?:\*+(?:((?!\*)punct)|([^\s*]))?)|^_+(?:((?!_)punct)|([^\s_]))?/,ct=g(Ee,"u").replace(/punct/g,L).getRegex(),ht=g(Ee,"u").replace(/punct/g,Ae).getRegex(),dt=/^(?:\*+(?:((?!\*)(?!openQuote)punct)|([^\s*]))?)|^_+(?:((?!_)(?!openQuote)punct)|([^\s_]))?/,gt=g(dt,"u").replace(/openQuote/g,at).replace(/punct/g,L).getRegex(),ze="^[^_*]*?__[^_*]*?\\*[^_*]*?(?=__)|[^*]+(?=[^*])|(?!\\*)punct(\\*+)(?=[\\s]|$)|notPunctSpace(\\*+)(?!\\*)(?=punctSpace|$)|(?!\\*)punctSpace(\\*+)(?=notPunctSpace)|[\\s](\\*+)(?!\\*)(?=punct)|(?!\\*)punct(\\*+)(?!\\*)(?=punct)|notPunctSpace(\\*+)(?=notPunctSpace)",kt=g(ze,"gu").replace(/notPunctSpace/g,Y).replace(/punctSpace/g,N).replace(/punct/g,L).getRegex(),ft=g(ze,"gu").replace(/notPunctSpace/g,ut).replace(/punctSpace/g,lt).replace(/punct/g,Ae).getRegex(),mt="^[^_*]*?__[^_*]*?\\*[^_*]*?(?=__)|[^*]+(?=[^*])|(?!\\*)punct(\\*+)(?=[\\s]|$)|notPunctSpace(\\*+)(?!\\*)(?=punctSpace|$)|(?!\\*)[\\s](\\*+)(?=notPunctSpace)|[\\s](\\*+)(?!\\*)(?=punct)|(?!\\*)punct(\\*+)(?!\\*)(?=punct)|(?:(?!\\*)punct|notPunctSpace)(\\*+)(?!\\*)(?=notPunctSpace)",xt=g(mt,"gu").replace(/notPunctSpace/g,Y).replace(/punctSpace/g,N).replace(/punct/g,L).getRegex(),bt=g("^[^_*]*?\\*\\*[^_*]*?_[^_*]*?(?=\\*\\*)|[^_]+(?=[^_])|(?!_)punct(_+)(?=[\\s]|$)|notPunctSpace(_+)(?!_)(?=punctSpace|$)|(?!_)punctSpace(_+)(?=notPunctSpace)|[\\s](_+)(?!_)(?=punct)|(?!_)punct(_+)(?!_)(?=punct)","gu").replace(/notPunctSpace/g,Y).replace(/punctSpace/g,N).replace(/punct/g,L).getRegex(),Rt="^[^_*]*?\\*\\*[^_*]*?_[^_*]*?(?=\\*\\*)|[^_]+(?=[^_])|(?!_)punct(_+)(?=[\\s]|$)|notPunctSpace(_+)(?!_)(?=punctSpace|$)|(?!_)[\\s](_+)(?=notPunctSpace)|[\\s](_+)(?!_)(?=punct)|(?!_)punct(_+)(?!_)(?=punct)|(?:(?!_)punct|notPunctSpace)(_+)(?!_)(?=notPunctSpace)",Tt=g(Rt,"gu").replace(/notPunctSpace/g,Y).replace(/punctSpace/g,N).replace(/punct/g,L).getRegex(),Ot=g(/^~~?(?:((?!~)punct)|[^\s~])/,"u").replace(/punct/g,L).getRegex(),wt="^[^~]+(?=[^~])|(?!~)punct(~~?)(?=[\\s]|$)|notPunctSpace(~~?)(?!~)(?=punctSpace|$)|(?!~)punctSpace(~~?)(?=notPunctSpace)|[\\s](~~?)(?!~)(?=punct)|(?!~)punct(~~?)(?!~)(?=punct)|notPunctSpace(~~?)(?=notPunctSpace)",Pt=g(wt,"gu").replace(/notPunctSpace/g,Y).replace(/punctSpace/g,N).replace(/punct/g,L).getRegex(),yt=g(/\\(punct)/,"gu").replace(/punct/g,L).getRegex(),St=g(/(`+)(?:[^`]|[^`][\s\S]*?[^`])\1(?!`)|`+|\\(punct)/,"gu").replace(/punct/g,L).getRegex(),_t=g(/^<(scheme:[^\s\x00-\x1f<>]*|email)>/).replace("scheme",/[a-zA-Z][a-zA-Z0-9+.-]{1,31}/).replace("email",/[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+(@)[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)+(?![-_])/).getRegex(),$t=g(ke).replace("(?:-->|$)","-->").getRegex(),Lt=g("^comment|^</[a-zA-Z][a-zA-Z0-9-]*\\s*>|^<[a-zA-Z][a-zA-Z0-9-]*(?:attribute)*?\\s*/?>|^<\\?[\\s\\S]*?\\?>|^<![a-zA-Z]+\\s[\\s\\S]*?>|^<!\\[CDATA\\[[\\s\\S]*?\\]\\]>").replace("comment",$t).replace("attribute",/\s+[a-zA-Z:_][\w.:-]*(?:\s*=\s*"[^"]*"|\s*=\s*'[^']*'|\s*=\s*[^\s"'=<>`]+)?/).getRegex(),Me=/\[(?:\\[\s\S]|[^\[\]\\])*\]/,ie=g(/(?:\[(?:brackets|\\[\s\S]|[^\[\]\\])*\]|\\[\s\S]|`+(?!`)[^`]*?`+(?!`)|``+(?=\])|[^\[\]\\`])*?/).replace("brackets",Me).getRegex(),Ct=g(/^!?\[(label)\]\([ \t\n]*(href)(?:(?:[ \t]+(?:\n[ \t]*)?|\n[ \t]*)(title))?[ \t\n]*\)/).replace("label",ie).replace("href",/<(?:\\.|[^\n<>\\])*>|(?!<)[^ \t\n\x00-\x1f]+|(?=\))/).replace("title",/"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'|\((?:\\[\s\S]|[^)\\])*\)/).getRegex(),It=g(/^!?\[(label)\]\[(ref)\]/).replace("label",ie).replace("ref",ge).getRegex(),At=g(/^!?\[(ref)\](?:\[\])?/).replace("ref",ge).getRegex(),ye=/(?!\s*\])(?:\\[\s\S]|[^\[\]\\]){1,999}/,Et=g(/(?:[^\[\]\\`]*(?:\[(?:brackets|\\[\s\S]|[^\[\]\\])*\]|\\[\s\S]|`+(?!`)[^`]*?`+(?!`)|``+(?=\]))){0,999}?[^\[\]\\`]*?/).replace("brackets",Me).getRegex(),zt=g("reflink|nolink(?!\\()","g").replace("reflink",g(/^!?\[(label)\]\[(ref)\]/).replace("label",Et).replace("ref",ye).getRegex()).replace("nolink",g(/^!?\[(ref)\](?:\[\])?/).replace("ref",ye).getRegex()).getRegex(),Se=/[hH][tT][tT][pP][sS]?|[fF][tT][pP]/,Mt=/[A-Za-z0-9._+-]+@[a-zA-Z0-9-_]+(?:\.[a-zA-Z0-9-_]*[a-zA-Z0-9])+(?![\w-])/,Bt=g(/(?:mailto:email|xmpp:email(?:\/[A-Za-z0-9@.]+)?)/).replace(/email/g,Mt).getRegex(),me={_backpedal:q,anyPunctuation:yt,anyPunctuationOutsideCode:St,autolink:_t,blockSkip:pt,br:Ie,code:st,del:q,delLDelim:q,delRDelim:q,emStrongLDelim:ct,emStrongRDelimAst:kt,emStrongRDelimUnd:bt,escape:rt,link:Ct,nolink:At,punctuation:ot,reflink:It,reflinkSearch:zt,tag:Lt,text:it,url:q},Dt={...me,emStrongLDelim:gt,emStrongRDelimAst:xt,emStrongRDelimUnd:Tt,link:g(/^!?\[(label)\]\((.*?)\)/).replace("label",ie).getRegex(),reflink:g(/^!?\[(label)\]\s*\[([^\]]*)\]/).replace("label",ie).getRegex()},pe={...me,emStrongRDelimAst:ft,emStrongLDelim:ht,delLDelim:Ot,delRDelim:Pt,url:g(/^emailProtocol|^((?:protocol):\/\/|www\.)(?:[a-zA-Z0-9\-]+\.?)+[^\s<]*|^email/).replace("emailProtocol",Bt).replace("protocol",Se).replace("email",/[A-Za-z0-9._+-]+(@)[a-zA-Z0-9-_]+(?:\.[a-zA-Z0-9-_]*[a-zA-Z0-9])+(?![\w-])/).getRegex(),_backpedal:/(?:[^?!.,:;*_'"~()&]+|\([^)]*\)|&(?![a-zA-Z0-9]+;$)|[?!.,:;*_'"~)]+(?!$))+/,del:/^(~~?)(?=[^\s~])((?:\\[\s\S]|[^\\])*?(?:\\[\s\S]|[^\s~\\]))\1(?=[^~]|$)/,text:g(/^(?:[^a-zA-Z0-9](?=emailProtocol)|(`+|~+|[^`~])(?:(?=[`~])|(?= {2,}\n)|(?=[a-zA-Z0-9.!#$%&'*+\/=?_`{\|}~-]+@)|[\s\S]*?(?:(?=[\\<!\[`*~_]|\b_|protocol:\/\/|wwwStart|$)|[^ ](?= {2,}\n)|[^a-zA-Z0-9](?=emailProtocol)|[^a-zA-Z0-9.!#$%&'*+\/=?_`{\|}~-](?=[a-zA-Z0-9.!#$%&'*+\/=?_`{\|}~-]+@))))/).replace("protocol",Se).replace(/emailProtocol/g,/(?:mailto|xmpp):/).replace("wwwStart",_e?"(?<![^\\s*_~(])www\\.":"www\\.").getRegex()},qt={...pe,br:g(Ie).replace("{2,}","*").getRegex(),text:g(pe.text).replace("\\b_","\\b_| {2,}\\n").replace(/\{2,\}/g,"*").getRegex()},ee={normal:fe,gfm:tt,pedantic:nt},F={normal:me,gfm:pe,breaks:qt,pedantic:Dt};var vt={"&":"&amp;","<":"&lt;",">":"&gt;",'"':"&quot;","'":"&#39;"},Be=l=>vt[l];function y(l,e){if(e){if(O.escapeTest.test(l))return l.replace(O.escapeReplace,Be)}else if(O.escapeTestNoEncode.test(l))return l.replace(O.escapeReplaceNoEncode,Be);return l}function De(l){return O.numericCharacterReference.test(l)?l.replace(O.numericCharacterReferenceOrAmpersand,(e,t,n)=>{if(t===void 0&&n===void 0)return"&amp;";let r=t===void 0?Number.parseInt(n,16):Number.parseInt(t,10);return r===0||r>1114111||r>=55296&&r<=57343?"\uFFFD":r===38?"&amp;":String.fromCodePoint(r)}):l}function xe(l){try{l=encodeURI(l).replace(O.percentDecode,"%")}catch{return null}return l}function be(l,e){let t=l.replace(O.findPipe,(s,o,i)=>{let a=!1,c=o;for(;--c>=0&&i[c]==="\\";)a=!a;return a?"|":" |"}),n=t.split(O.splitPipe),r=0;if(n[0].trim()||n.shift(),n.length>0&&!n.at(-1)?.trim()&&n.pop(),e)if(n.length>e)n.splice(e);else for(;n.length<e;)n.push("");for(;r<n.length;r++)n[r]=n[r].trim().replace(O.slashPipe,"|");return n}function C(l,e,t){let n=l.length;if(n===0)return"";let r=0;for(;r<n;){let s=l.charAt(n-r-1);if(s===e&&!t)r++;else if(s!==e&&t)r++;else break}return l.slice(0,n-r)}function Re(l){let e=l.split(`
`),t=e.length-1;for(;t>=0&&O.blankLine.test(e[t]);)t--;return e.length-t<=2?l:e.slice(0,t+1).join(`
`)}function W(l){return l.trim().replace(O.multipleSpaceGlobal," ").toLowerCase().toUpperCase().toLowerCase()}function Te(l,e){if(l.indexOf(e[0])===-1&&l.indexOf(e[1])===-1)return-1;let t=0;for(let n=0;n<l.length;n++)if(l[n]==="\\")n++;else if(l[n]===e[0])t++;else if(l[n]===e[1]&&(t--,t<0))return n;return t>0?-2:-1}var Q=new WeakMap;function Oe(l){let e={"*":-1,_:-1},t=-1,n=l.length;for(let r=0;r<n;r++){let s=l[r];if(s!=="*"&&s!=="_"&&s!=="~")continue;let o=r===0?`
`:l[r-1],i=r+1;for(;i<n&&l[i]===s;)i++;o!==" "&&o!=="	"&&o!==`
`&&o!=="\r"&&o!=="\f"&&(s==="~"?t=r:e[s]=r),r=i-1}return{maskedSrc:l,lastPossibleEmStrongCloserIndex:e,lastPossibleDelCloserIndex:t}}function qe(l,e){let t=Oe(e),n=Q.get(l);n?n.push(t):Q.set(l,[t])}function ve(l){let e=Q.get(l);e&&(e.pop(),e.length===0&&Q.delete(l))}function oe(l,e,t){let n=Q.get(l)?.at(-1);return n&&n.maskedSrc===e?n.lastPossibleEmStrongCloserIndex[t]:Oe(e).lastPossibleEmStrongCloserIndex[t]}function ae(l,e){let t=Q.get(l)?.at(-1);return t&&t.maskedSrc===e?t.lastPossibleDelCloserIndex:Oe(e).lastPossibleDelCloserIndex}function te(l,e=0){let t=e,n="";for(let r of l)if(r==="	"){let s=4-t%4;n+=" ".repeat(s),t+=s}else n+=r,t++;return n}function Ht(l,e){let t="";for(let n=0;n<l.length;n++){if(l[n]==="`"){let r=e.inline.code.exec(l.slice(n));if(r){t+=r[0],n+=r[0].length-1;continue}}if(l[n]==="\\"&&(l[n+1]==="["||l[n+1]==="]")){t+=l[n+1],n++;continue}t+=l[n]}return t}function He(l,e,t,n,r){let s=e.href,o=e.title||null,i=Ht(l[1],r),a=l[0].charAt(0)==="!",c=n.state.inLink,u=n.state.linkEmitted,d=n.state.inRawBlock;n.state.inLink=!0,n.state.linkEmitted=!1;let h=n.inlineTokens(i),p=n.state.linkEmitted;if(n.state.linkEmitted=u,n.state.inLink=c,!a){if(p){n.state.inRawBlock=d;return}n.state.linkEmitted=!0}return{type:a?"image":"link",raw:t,href:s,title:o,text:i,tokens:h}}function Zt(l,e,t){let n=l.match(t.other.indentCodeCompensation);if(n===null)return e;let r=n[1];return e.split(`
`).map(s=>{let o=s.match(t.other.beginningSpace);if(o===null)return s;let[i]=o;return s.slice(Math.min(i.length,r.length))}).join(`
`)}function Ze(l,e,t,n){if(!e.includes("<"))return!1;for(let r=0;r<e.length;r++){if(e[r]==="\\"){r++;continue}if(e[r]==="`"){let i=n.inline.code.exec(e.slice(r));if(i){r+=i[0].length-1;continue}}if(e[r]!=="<")continue;let s=l.slice(t+r),o=n.inline.tag.exec(s)||n.inline.autolink.exec(s);if(o){if(o[0].length>e.length-r)return!0;r+=o[0].length-1}}return!1}var _=class{options;rules;lexer;constructor(e){this.options=e||S}space(e){let t=this.rules.block.newline.exec(e);if(t&&t[0].length>0)return{type:"space",raw:t[0]}}code(e){let t=this.rules.block.code.exec(e);if(t){let n=this.options.pedantic?t[0]:Re(t[0]),r=n.replace(this.rules.other.codeRemoveIndent,"");return{type:"code",raw:n,codeBlockStyle:"indented",text:r}}}fences(e){let t=this.rules.block.fences.exec(e);if(t){let n=t[0],r=Zt(n,t[3]||"",this.rules);return t[3]!==void 0&&(r===""||r.endsWith(`
`))&&(r+=`
`),{type:"code",raw:n,lang:t[2]?t[2].trim().replace(this.rules.inline.anyPunctuation,"$1"):t[2],text:r}}}heading(e){let t=this.rules.block.heading.exec(e);if(t){let n=t[2].trim();if(this.rules.other.endingHash.test(n)){let r=C(n,"#");(this.options.pedantic||!r||this.rules.other.endingSpaceTabChar.test(r))&&(n=r.trim())}return{type:"heading",raw:C(t[0],`
`),depth:t[1].length,text:n,tokens:this.lexer.inline(n)}}}hr(e){let t=this.rules.block.hr.exec(e);if(t)return{type:"hr",raw:C(t[0],`
`)}}blockquote(e){let t=this.rules.block.blockquote.exec(e);if(t){let n=C(t[0],`
`).split(`
`),r="",s="",o=[];for(;n.length>0;){let i=!1,a=[],c;for(c=0;c<n.length;c++)if(this.rules.other.blockquoteStart.test(n[c]))a.push(n[c]),i=!0;else if(!i)a.push(n[c]);else break;n=n.slice(c);let u=a.join(`
`),d=u.replace(this.rules.other.blockquoteMarkerWhitespace,(k,m,b)=>b.startsWith(" ")?m+" "+b.slice(1):m+te(b,m.length)).replace(this.rules.other.blockquoteSetextReplace,`
    $1`).replace(this.rules.other.blockquoteSetextReplace2,"");r=r?`${r}
${u}`:u,s=s?`${s}
${d}`:d;let h=this.lexer.state.top;if(this.lexer.state.top=!0,this.lexer.blockTokens(d,o,!0),this.lexer.state.top=h,n.length===0)break;let p=o.at(-1);if(p?.type==="code"||p?.type==="heading"||p?.type==="hr"||p?.type==="html"||p?.type==="table")break;if(p?.type==="blockquote"){let k=p,m=n.join(`
`),b=k.raw+`
`+m.replace(this.rules.other.blockquoteSetextReplace2,""),f=this.blockquote(b);o[o.length-1]=f;let R=b.substring(f.raw.length).replace(/^\n/,""),E=R?R.split(`
`).length:0,T=E?n.slice(0,-E):n;if(T.length>0&&(r=`${r}
${T.join(`
`)}`),s=s.substring(0,s.length-k.text.length)+f.text,n=n.slice(T.length),n.length>0&&this.rules.other.blockquoteStart.test(n[0]))continue;break}else if(p?.type==="list"){let k=p,m=k.raw+`
`+n.join(`
`),b=this.list(m);o[o.length-1]=b;let f=b.raw.length>k.raw.length?m.slice(k.raw.length+1,b.raw.length).split(`
`).length:0;if(f>0){let R=n.slice(0,f).join(`
`);r=`${r}
${R}`,s=`${s}
${R}`}if(n=n.slice(f),n.length>0&&!this.rules.other.blockquoteStart.test(n[0]))break;continue}}return{type:"blockquote",raw:r,tokens:o,text:s}}}list(e){let t=this.rules.block.list.exec(e);if(t){if(!this.options.pedantic&&this.lexer.state.lastToken?.type==="text"&&!this.rules.other.listInterruptsParagraph.test(e))return;let n=e,r=()=>n.length-e.length,s=t[1].trim(),o=s.length>1,i={type:"list",raw:"",ordered:o,start:o?+s.slice(0,-1):"",loose:!1,items:[]};s=o?`\\d{1,9}\\${s.slice(-1)}`:`\\${s}`,this.options.pedantic&&(s=o?s:"[*+-]");let a=this.rules.other.listItemRegex(s),c=!1;for(;e;){let h=!1,p="";if(!(t=a.exec(e))||this.rules.block.hr.test(e))break;let k=r();e=e.substring(t[0].length);let m=t[2].split(`
`,1)[0],b=t[1].length,f=this.options.pedantic?te(m,b):m.replace(this.rules.other.leadingSpaceTab,H=>te(H,b)),R=e.split(`
`,1)[0],E=!f.trim(),T=0;if(this.options.pedantic?(T=2,p=f.trimStart()):E?T=b+1:(T=f.search(this.rules.other.nonSpaceChar),T=T>4?1:T,p=f.slice(T),T+=b),E&&this.rules.other.blankLine.test(R)&&(e=e.substring(R.length+1),h=!0),!h){let H=this.rules.other.nextBulletRegex(T),K=this.rules.other.hrRegex(T),re=this.rules.other.fencesBeginRegex(T),B=this.options.pedantic?this.rules.other.pedanticHeadingBeginRegex(T):this.rules.other.headingBeginRegex(T),X=this.rules.other.htmlBeginRegex(T),se=this.rules.other.blockquoteBeginRegex(T),le=!1;for(;e;){let we=e.split(`
`,1)[0],Z;if(R=we,this.options.pedantic?(R=R.replace(this.rules.other.listReplaceNesting,"  "),Z=R):Z=R.replace(this.rules.other.leadingSpaceTab,$=>te($)),re.test(R)||B.test(R)||X.test(R)||se.test(R)||H.test(R)||K.test(R))break;if(Z.search(this.rules.other.nonSpaceChar)>=T||!R.trim())p+=`
`+Z.slice(T),le=!1;else{if(E)break;let $=f;if(!this.options.pedantic&&!p.includes(`
`)&&!f.includes("	")){let j;for(;!K.test($)&&(j=this.rules.other.nestedBlockMarker.exec($));)$=$.slice(j[0].length);if(!$.trim())break}if($.replace(this.rules.other.tabCharGlobal,"    ").search(this.rules.other.nonSpaceChar)>=4||re.test($)||B.test($)||X.test($)||K.test($))break;if(!this.options.pedantic&&!le){let j=f.replace(this.rules.other.nestedContainerMarkers,"");if(this.rules.block.fences.test(j)||this.rules.block.heading.test(j)||this.rules.block.hr.test(j))break}let je=!this.options.pedantic&&/^ {0,3}(?:=+|-+) *$/.test(R)&&this.rules.block.lheading.test(`${f}
${R}`)?`    ${Z.replace(/^ {0,3}/,"")}`:R;p+=`
`+je,le=!0}E=!R.trim(),e=e.substring(we.length+1),f=Z.slice(T)}}let U=n.slice(k,r());i.loose||(c?i.loose=!0:this.rules.other.doubleBlankLine.test(U)&&(c=!0)),i.items.push({type:"list_item",raw:U,task:!!this.options.gfm&&this.rules.other.listIsTask.test(p),loose:!1,text:p,tokens:[]})}let u=i.items.at(-1);if(u)u.raw=u.raw.trimEnd(),u.text=u.text.trimEnd();else return;i.raw=n.slice(0,r()).trimEnd();let d=[];for(let h of i.items)if(this.lexer.state.top=!1,d.push(this.lexer.inlineQueue.length),h.tokens=this.lexer.blockTokens(h.text,[]),!i.loose){let p=h.tokens.filter(m=>m.type==="space"),k=p.length>0&&p.some(m=>this.rules.other.anyLine.test(m.raw));i.loose=k}for(let h=0;h<i.items.length;h++){let p=i.items[h],k=p.tokens[0];if(p.task&&(k?.type==="text"||k?.type==="paragraph")){p.text=p.text.replace(this.rules.other.listReplaceTask,""),k.raw=k.raw.replace(this.rules.other.listReplaceTask,""),k.text=k.text.replace(this.rules.other.listReplaceTask,"");let m=this.lexer.inlineQueue;for(let f=d[h];f<m.length;f++)if(m[f].tokens===k.tokens){m[f].src=m[f].src.replace(this.rules.other.listReplaceTask,"");break}let b=this.rules.other.listTaskCheckbox.exec(p.raw);if(b){let f={type:"checkbox",raw:b[0]+" ",checked:b[0]!=="[ ]"};p.checked=f.checked,i.loose?p.tokens[0]&&["paragraph","text"].includes(p.tokens[0].type)&&"tokens"in p.tokens[0]&&p.tokens[0].tokens?(p.tokens[0].raw=f.raw+p.tokens[0].raw,p.tokens[0].text=f.raw+p.tokens[0].text,p.tokens[0].tokens.unshift(f)):p.tokens.unshift({type:"paragraph",raw:f.raw,text:f.raw,tokens:[f]}):p.tokens.unshift(f)}}else p.task&&(p.task=!1)}if(i.loose)for(let h of i.items){h.loose=!0;for(let p of h.tokens)p.type==="text"&&(p.type="paragraph")}return i}}html(e){let t=this.rules.block.html.exec(e);if(t){if(this.lexer.state.lastToken?.type==="paragraph"&&!this.rules.other.htmlBeginRegex(4).test(e))return;let n=Re(t[0]);return{type:"html",block:!0,raw:n,pre:t[1]==="pre"||t[1]==="script"||t[1]==="style",text:n}}}def(e){let t=this.rules.block.def.exec(e);if(t){if(!this.rules.other.startAngleBracket.test(t[2])&&Te(t[2],"()")!==-1)return;let n=W(t[1]),r=t[2]?t[2].replace(this.rules.other.hrefBrackets,"$1").replace(this.rules.inline.anyPunctuation,"$1"):"",s=t[3]?t[3].substring(1,t[3].length-1).replace(this.rules.inline.anyPunctuation,"$1"):t[3];return{type:"def",tag:n,raw:C(t[0],`
`),href:r,title:s}}}table(e){let t=this.rules.block.table.exec(e);if(!t||!this.rules.other.tableDelimiter.test(t[2]))return;let n=be(t[1]),r=t[2].replace(this.rules.other.tableAlignChars,"").split("|"),s=t[3]?.trim()?t[3].replace(this.rules.other.tableRowBlankLine,"").split(`
`):[],o={type:"table",raw:C(t[0],`
`),header:[],align:[],rows:[]};if(n.length===r.length){for(let i of r)this.rules.other.tableAlignRight.test(i)?o.align.push("right"):this.rules.other.tableAlignCenter.test(i)?o.align.push("center"):this.rules.other.tableAlignLeft.test(i)?o.align.push("left"):o.align.push(null);for(let i=0;i<n.length;i++)o.header.push({text:n[i],tokens:this.lexer.inline(n[i]),header:!0,align:o.align[i]});for(let i of s)o.rows.push(be(i,o.header.length).map((a,c)=>({text:a,tokens:this.lexer.inline(a),header:!1,align:o.align[c]})));return o}}lheading(e){let t=this.rules.block.lheading.exec(e);if(t){let n=t[1].trim();return{type:"heading",raw:C(t[0],`
`),depth:t[2].charAt(0)==="="?1:2,text:n,tokens:this.lexer.inline(n)}}}paragraph(e){let t=this.rules.block.paragraph.exec(e);if(t){let n=t[1].charAt(t[1].length-1)===`
`?t[1].slice(0,-1):t[1];return{type:"paragraph",raw:t[0],text:n,tokens:this.lexer.inline(n)}}}text(e){let t=this.rules.block.text.exec(e);if(t)return{type:"text",raw:t[0],text:t[0],tokens:this.lexer.inline(t[0])}}escape(e){if(e.charCodeAt(0)!==92)return;let t=this.rules.inline.escape.exec(e);if(t)return{type:"escape",raw:t[0],text:t[1]}}tag(e){if(e.charCodeAt(0)!==60)return;let t=this.rules.inline.tag.exec(e);if(t)return!this.lexer.state.inLink&&this.rules.other.startATag.test(t[0])?this.lexer.state.inLink=!0:this.lexer.state.inLink&&this.rules.other.endATag.test(t[0])&&(this.lexer.state.inLink=!1),!this.lexer.state.inRawBlock&&this.rules.other.startPreScriptTag.test(t[0])?this.lexer.state.inRawBlock=!0:this.lexer.state.inRawBlock&&this.rules.other.endPreScriptTag.test(t[0])&&(this.lexer.state.inRawBlock=!1),{type:"html",raw:t[0],inLink:this.lexer.state.inLink,inRawBlock:this.lexer.state.inRawBlock,block:!1,text:t[0]}}link(e){if(this.lexer.state.linkParenPossible===!1)return;let t=e.charCodeAt(0);if(t!==91&&t!==33)return;let n=this.rules.inline.link.exec(e);if(n){let r=n[0].charAt(0)==="!"?2:1;if(!this.options.pedantic&&Ze(e,n[1],r,this.rules))return;let s=n[2].trim();if(!this.options.pedantic&&this.rules.other.startAngleBracket.test(s)){if(!this.rules.other.endAngleBracket.test(s))return;let c=C(s.slice(0,-1),"\\");if((s.length-c.length)%2===0)return}else{let c=Te(n[2],"()");if(c===-2)return;if(c>-1){let d=(n[0].indexOf("!")===0?5:4)+n[1].length+c;n[2]=n[2].substring(0,c),n[0]=n[0].substring(0,d).trim(),n[3]=""}}let o=C(n[0].slice(0,-1),"\\");if((n[0].length-o.length)%2===0)return;let i=n[2],a="";if(this.options.pedantic){let c=this.rules.other.pedanticHrefTitle.exec(i);c&&(i=c[1],a=c[3])}else a=n[3]?n[3].slice(1,-1):"";return i=i.trim(),this.rules.other.startAngleBracket.test(i)&&(this.options.pedantic&&!this.rules.other.endAngleBracket.test(s)?i=i.slice(1):i=i.slice(1,-1)),He(n,{href:i&&i.replace(this.rules.inline.anyPunctuation,"$1"),title:a&&a.replace(this.rules.inline.anyPunctuation,"$1")},n[0],this.lexer,this.rules)}}reflink(e,t){let n=e.charCodeAt(0);if(n!==91&&n!==33)return;let r;if((r=this.rules.inline.reflink.exec(e))||(r=this.rules.inline.nolink.exec(e))){let s=r[0].charAt(0)==="!"?2:1;if(!this.options.pedantic&&Ze(e,r[1],s,this.rules))return;let o=t[W(r[2]||r[1])];if(!o){let i=r[0].charAt(0);return{type:"text",raw:i,text:i}}return He(r,o,r[0],this.lexer,this.rules)}}emStrong(e,t,n=""){let r=this.rules.inline.emStrongLDelim.exec(e);if(!r||!r[1]&&!r[2]&&!r[3]&&!r[4])return;let s=r[0][0],o=n===s,i=t.length-e.length,a=i;for(;!this.options.pedantic&&a>0&&t[a-1]===s;)a--;let c=[...t.slice(Math.max(0,a-2),a)].at(-1)??"",u=c==="*"||c==="_"||!!this.rules.inline.punctuation.exec(c);a<i&&(n=c);let d=a<i?u:n==="*"||n==="_"||!!this.rules.inline.punctuation.exec(n);if(r[4]&&n.match(this.rules.other.unicodeAlphaNumeric))return;let h=r[1]||r[3]||"";if(!h||!n||d){let p=[...r[0]].length-1,k,m,b=p,f=0,R=i-a+p,E=!this.options.pedantic&&!!c.trim()&&(!!h||s==="*"&&!u);if(s!=="*"&&s!=="_")return;let T=s==="*"?this.rules.inline.emStrongRDelimAst:this.rules.inline.emStrongRDelimUnd,U=oe(this,t,s),H=t.length-e.length+p;if(U<H)return;t=t.slice(-1*e.length+p);let K=U-H;for(T.lastIndex=0;(r=T.exec(t))!==null&&!(r.index>K);){if(k=r[1]||r[2]||r[3]||r[4]||r[5]||r[6],!k)continue;if(m=[...k].length,r[3]||r[4]){b+=m;continue}else if((r[5]||r[6]||E)&&R%3&&!((R+m)%3)){if(o&&(r[5]||r[6]))break;f+=m;continue}if(b-=m,b>0)continue;m=Math.min(m,m+b+f);let re=[...r[0]][0].length,B=e.slice(0,p+r.index+re+m);if(Math.min(p,m)%2){let se=B.slice(1,-1);return{type:"em",raw:B,text:se,tokens:this.lexer.inlineTokens(se)}}let X=B.slice(2,-2);return{type:"strong",raw:B,text:X,tokens:this.lexer.inlineTokens(X)}}}}codespan(e){if(e.charCodeAt(0)!==96)return;let t=this.rules.inline.code.exec(e);if(t){let n=t[2].replace(this.rules.other.newLineCharGlobal," "),r=this.rules.other.nonSpaceChar.test(n),s=this.rules.other.startingSpaceChar.test(n)&&this.rules.other.endingSpaceChar.test(n);return r&&s&&(n=n.substring(1,n.length-1)),{type:"codespan",raw:t[0],text:n}}}br(e){let t=e.charCodeAt(0);if(t!==32&&t!==92&&t!==10)return;let n=this.rules.inline.br.exec(e);if(n)return{type:"br",raw:n[0]}}del(e,t,n=""){if(e.charCodeAt(0)!==126)return;let r=this.rules.inline.delLDelim.exec(e);if(!r)return;if(!(r[1]||"")||!n||this.rules.inline.punctuation.exec(n)){let o=[...r[0]].length-1,i,a,c=o,u=this.rules.inline.delRDelim,d=ae(this,t),h=t.length-e.length+o;if(d<h)return;t=t.slice(-1*e.length+o);let p=d-h;for(u.lastIndex=0;(r=u.exec(t))!==null&&!(r.index>p);){if(i=r[1]||r[2]||r[3]||r[4]||r[5]||r[6],!i||(a=[...i].length,a!==o))continue;if(r[3]||r[4]){c+=a;continue}if(c-=a,c>0)continue;a=Math.min(a,a+c);let k=[...r[0]][0].length,m=e.slice(0,o+r.index+k+a),b=m.slice(o,-o);return{type:"del",raw:m,text:b,tokens:this.lexer.inlineTokens(b)}}}}autolink(e){if(e.charCodeAt(0)!==60)return;let t=this.rules.inline.autolink.exec(e);if(t){let n,r;return t[2]==="@"?(n=t[1],r="mailto:"+n):(n=t[1],r=n),{type:"link",raw:t[0],text:n,href:r,autolink:!0,tokens:[{type:"text",raw:n,text:n}]}}}url(e){let t;if(t=this.rules.inline.url.exec(e)){let n,r;if(t[2]==="@")n=t[0],r="mailto:"+n;else{let s;do s=t[0],t[0]=this.rules.inline._backpedal.exec(t[0])?.[0]??"";while(s!==t[0]);n=t[0],t[1]==="www."?r="http://"+t[0]:r=t[0]}return{type:"link",raw:t[0],text:n,href:r,autolink:!0,tokens:[{type:"text",raw:n,text:n}]}}}inlineText(e){let t=this.rules.inline.text.exec(e);if(t){let n=this.lexer.state.inRawBlock;return{type:"text",raw:t[0],text:n?t[0]:De(t[0]),escaped:n}}}};var w=class l{tokens;options;state;inlineQueue;tokenizer;constructor(e){this.tokens=[],this.tokens.links=Object.create(null),this.options=e||S,this.options.tokenizer=this.options.tokenizer||new _,this.tokenizer=this.options.tokenizer,this.tokenizer.options=this.options,this.tokenizer.lexer=this,this.inlineQueue=[],this.state={inLink:!1,inRawBlock:!1,linkEmitted:!1,linkParenPossible:!0,top:!0};let t={other:O,block:ee.normal,inline:F.normal};this.options.pedantic?(t.block=ee.pedantic,t.inline=F.pedantic):this.options.gfm&&(t.block=ee.gfm,this.options.breaks?t.inline=F.breaks:t.inline=F.gfm),this.tokenizer.rules=t}static get rules(){return{block:ee,inline:F}}static lex(e,t){return new l(t).lex(e)}static lexInline(e,t){return new l(t).inlineTokens(e)}lex(e){e=e.replace(O.carriageReturn,`
`),this.blockTokens(e,this.tokens);for(let t=0;t<this.inlineQueue.length;t++){let n=this.inlineQueue[t];this.state.inRawBlock=!1,this.inlineTokens(n.src,n.tokens)}return this.inlineQueue=[],this.tokens}blockTokens(e,t=[],n=!1){this.tokenizer.lexer=this;let r=this.state.lastToken;this.options.pedantic&&(e=e.replace(O.tabCharGlobal,"    ").replace(O.spaceLine,""));let s=1/0,o,i=this.options.gfm&&!this.options.pedantic&&this.tokenizer.paragraph===_.prototype.paragraph;for(;e;){if(e.length<s)s=e.length;else{this.infiniteLoopError(e.charCodeAt(0));break}this.state.lastToken=t.at(-1);let a;if(this.options.extensions?.block?.some(u=>(a=u.call({lexer:this},e,t))?(e=e.substring(a.raw.length),t.push(a),!0):!1))continue;if(a=this.tokenizer.space(e)){e=e.substring(a.raw.length);let u=t.at(-1);a.raw.length===1&&u!==void 0?u.raw+=`
`:t.push(a);continue}if(a=this.tokenizer.code(e)){e=e.substring(a.raw.length);let u=t.at(-1);u?.type==="paragraph"||u?.type==="text"?(u.raw+=(u.raw.endsWith(`
`)?"":`
`)+a.raw,u.text+=`
`+a.text,this.inlineQueue.at(-1).src=u.text):t.push(a);continue}if(a=this.tokenizer.fences(e)){e=e.substring(a.raw.length),t.push(a);continue}if(a=this.tokenizer.heading(e)){e=e.substring(a.raw.length),t.push(a);continue}if(a=this.tokenizer.hr(e)){e=e.substring(a.raw.length),t.push(a);continue}if(a=this.tokenizer.blockquote(e)){e=e.substring(a.raw.length),t.push(a);continue}if(a=this.tokenizer.list(e)){e=e.substring(a.raw.length),t.push(a);continue}if(a=this.tokenizer.html(e)){e=e.substring(a.raw.length),t.push(a);continue}if(a=this.tokenizer.def(e)){e=e.substring(a.raw.length);let u=t.at(-1);u?.type==="paragraph"||u?.type==="text"?(u.raw+=(u.raw.endsWith(`
`)?"":`
`)+a.raw,u.text+=`
`+a.raw,this.inlineQueue.at(-1).src=u.text):(this.tokens.links[a.tag]||(this.tokens.links[a.tag]={href:a.href,title:a.title}),t.push(a));continue}if(a=this.tokenizer.table(e)){e=e.substring(a.raw.length),t.push(a);continue}if(a=this.tokenizer.lheading(e)){e=e.substring(a.raw.length),t.push(a);continue}let c=e;if(this.options.extensions?.startBlock){let u=1/0,d=e.slice(1),h;this.options.extensions.startBlock.forEach(p=>{h=p.call({lexer:this},d),typeof h=="number"&&h>=0&&(u=Math.min(u,h))}),u<1/0&&u>=0&&(c=e.substring(0,u+1))}if(this.state.top&&(a=this.tokenizer.paragraph(c))){let u=t.at(-1);(n||u===o&&i)&&u?.type==="paragraph"?(u.raw+=(u.raw.endsWith(`
`)?"":`
`)+a.raw,u.text+=`
`+a.text,this.inlineQueue.pop(),this.inlineQueue.at(-1).src=u.text,o=u):(t.push(a),o=a),n=c.length!==e.length,e=e.substring(a.raw.length);continue}if(a=this.tokenizer.text(e)){e=e.substring(a.raw.length);let u=t.at(-1);u?.type==="text"?(u.raw+=(u.raw.endsWith(`
`)?"":`
`)+a.raw,u.text+=`
`+a.text,this.inlineQueue.pop(),this.inlineQueue.at(-1).src=u.text):t.push(a);continue}if(e){this.infiniteLoopError(e.charCodeAt(0));break}}return this.state.top=!0,this.state.lastToken=r,t}inline(e,t=[]){return this.inlineQueue.push({src:e,tokens:t}),t}linkInText(e){if(!e.includes("["))return!1;let t=this.tokenizer.rules.inline.link;for(let n of e.matchAll(this.tokenizer.rules.inline.blockSkip))if(t.test(n[0])&&e.charAt(n.index-1)!=="!")return!0;for(let n of e.matchAll(this.tokenizer.rules.inline.reflinkSearch)){let r=n[0],s=r.lastIndexOf("[");if(!(r.charAt(0)==="!"||!Object.hasOwn(this.tokens.links,W(r.slice(s+1,-1))))&&!(s>1&&this.linkInText(r.slice(1,s-1))))return!0}return!1}inlineTokens(e,t=[]){this.tokenizer.lexer=this;let n=this.state.linkParenPossible;this.state.linkParenPossible=e.includes(")");try{return this.#t(e,t)}finally{this.state.linkParenPossible=n}}#t(e,t){let n=e.includes("*")||e.includes("_")||e.includes("~"),r=n||this.options.hooks?.emStrongMask||this.tokenizer.emStrong!==_.prototype.emStrong||this.tokenizer.del!==_.prototype.del?this.#r(e):e;if(!n)return this.#e(e,r,t);qe(this.tokenizer,r);try{return this.#e(e,r,t)}finally{ve(this.tokenizer)}}#e(e,t,n){let r=!1,s="",o=1/0;for(;e;){if(e.length<o)o=e.length;else{this.infiniteLoopError(e.charCodeAt(0));break}r||(s=""),r=!1;let i;if(this.options.extensions?.inline?.some(u=>(i=u.call({lexer:this},e,n))?(e=e.substring(i.raw.length),n.push(i),!0):!1))continue;if(i=this.tokenizer.escape(e)){e=e.substring(i.raw.length),n.push(i);continue}if(i=this.tokenizer.tag(e)){e=e.substring(i.raw.length),n.push(i);continue}if(i=this.tokenizer.link(e)){e=e.substring(i.raw.length),n.push(i);continue}if(i=this.tokenizer.reflink(e,this.tokens.links)){e=e.substring(i.raw.length);let u=n.at(-1);i.type==="text"&&u?.type==="text"?(u.raw+=i.raw,u.text+=i.text):n.push(i);continue}let a=e[0];if(a==="*"||a==="_"){let u=t.length-e.length;if(oe(this.tokenizer,t,a)<=u){let h=1;for(;h<e.length&&e.charCodeAt(h)===a.charCodeAt(0);)h++;let p=e.substring(0,h),k=n.at(-1);k?.type==="text"&&!k.escaped?(k.raw+=p,k.text+=p):n.push({type:"text",raw:p,text:p,escaped:!1}),e=e.substring(h),s=a,r=!0;continue}}else if(a==="~"){let u=t.length-e.length;if(ae(this.tokenizer,t)<=u){let h=1;for(;h<e.length&&e.charCodeAt(h)===126;)h++;let p=e.substring(0,h),k=n.at(-1);k?.type==="text"&&!k.escaped?(k.raw+=p,k.text+=p):n.push({type:"text",raw:p,text:p,escaped:!1}),e=e.substring(h),s=a,r=!0;continue}}if(i=this.tokenizer.emStrong(e,t,s)){e=e.substring(i.raw.length),n.push(i);continue}if(i=this.tokenizer.codespan(e)){e=e.substring(i.raw.length),n.push(i);continue}if(i=this.tokenizer.br(e)){e=e.substring(i.raw.length),n.push(i);continue}if(i=this.tokenizer.del(e,t,s)){e=e.substring(i.raw.length),n.push(i);continue}if(i=this.tokenizer.autolink(e)){e=e.substring(i.raw.length),n.push(i);continue}if(!this.state.inLink&&(i=this.tokenizer.url(e))){e=e.substring(i.raw.length),n.push(i);continue}let c=e;if(this.options.extensions?.startInline){let u=1/0,d=e.slice(1),h;this.options.extensions.startInline.forEach(p=>{h=p.call({lexer:this},d),typeof h=="number"&&h>=0&&(u=Math.min(u,h))}),u<1/0&&u>=0&&(c=e.substring(0,u+1))}if(i=this.tokenizer.inlineText(c)){e=e.substring(i.raw.length),i.raw.slice(-1)!=="_"&&(s=i.raw.slice(-1)),r=!0;let u=n.at(-1);u?.type==="text"?(u.raw+=i.raw,u.text+=i.text):n.push(i);continue}if(e){this.infiniteLoopError(e.charCodeAt(0));break}}return n}#n(e){let{blockSkip:t,tag:n,autolink:r}=this.tokenizer.rules.inline,s="",o=0,i;for(t.lastIndex=0;i=t.exec(e);){let a=i.index+(i[2]?i[2].length:0),c=i.index+i[0].length;if(e.charAt(a)==="<"){let u=e.slice(a),d=n.exec(u)||r.exec(u);if(!d){t.lastIndex=a+1;continue}c=a+d[0].length,t.lastIndex=c}s+=e.slice(o,a)+"["+"a".repeat(c-a-2)+"]",o=c}return s+e.slice(o)}#r(e){let t=e;if(this.tokens.links&&e.includes("[")){let n=this.tokenizer.rules.inline.reflinkSearch,r=s=>{let o=s.lastIndexOf("[");if(!Object.hasOwn(this.tokens.links,W(s.slice(o+1,-1))))return s;if(o>1&&s.charAt(0)!=="!"){let i=s.slice(1,o-1);if(this.linkInText(i))return"["+i.replace(n,r)+"]["+"a".repeat(s.length-o-2)+"]"}return"["+"a".repeat(s.length-2)+"]"};t=t.replace(n,r)}return t=t.replace(this.tokenizer.rules.inline.anyPunctuationOutsideCode,(n,r,s)=>s?"+".repeat(n.length):r?r+n.slice(r.length,-r.length).replace(/`/g,"+")+r:n),t=this.#n(t),t=this.options.hooks?.emStrongMask?.call({lexer:this},t)??t,t}infiniteLoopError(e){let t="Infinite loop on byte: "+e;if(this.options.silent)console.error(t);else throw new Error(t)}};var I=class{options;parser;constructor(e){this.options=e||S}space(e){return""}code({text:e,lang:t,escaped:n}){let r=(t||"").match(O.notSpaceStart)?.[0],s=e?e.replace(O.endingNewline,"")+`
`:"";return r?'<pre><code class="language-'+y(r)+'">'+(n?s:y(s,!0))+`</code></pre>
`:"<pre><code>"+(n?s:y(s,!0))+`</code></pre>
`}blockquote({tokens:e}){return`<blockquote>
${this.parser.parse(e)}</blockquote>
`}html({text:e}){return e}def(e){return""}heading({tokens:e,depth:t}){return`<h${t}>${this.parser.parseInline(e)}</h${t}>
`}hr(e){return`<hr>
`}list(e){let t=e.ordered,n=e.start,r="";for(let i=0;i<e.items.length;i++){let a=e.items[i];r+=this.listitem(a)}let s=t?"ol":"ul",o=t&&n!==1?' start="'+n+'"':"";return"<"+s+o+`>
`+r+"</"+s+`>
`}listitem(e){return`<li>${this.parser.parse(e.tokens)}</li>
`}checkbox({checked:e}){return"<input "+(e?'checked="" ':"")+'disabled="" type="checkbox"> '}paragraph({tokens:e}){return`<p>${this.parser.parseInline(e)}</p>
`}table(e){let t="",n="";for(let s=0;s<e.header.length;s++)n+=this.tablecell(e.header[s]);t+=this.tablerow({text:n});let r="";for(let s=0;s<e.rows.length;s++){let o=e.rows[s];n="";for(let i=0;i<o.length;i++)n+=this.tablecell(o[i]);r+=this.tablerow({text:n})}return r&&(r=`<tbody>${r}</tbody>`),`<table>
<thead>
`+t+`</thead>
`+r+`</table>
`}tablerow({text:e}){return`<tr>
${e}</tr>
`}tablecell(e){let t=this.parser.parseInline(e.tokens),n=e.header?"th":"td";return(e.align?`<${n} align="${e.align}">`:`<${n}>`)+t+`</${n}>
`}strong({tokens:e}){return`<strong>${this.parser.parseInline(e)}</strong>`}em({tokens:e}){return`<em>${this.parser.parseInline(e)}</em>`}codespan({text:e}){return`<code>${y(e,!0)}</code>`}br(e){return"<br>"}del({tokens:e}){return`<del>${this.parser.parseInline(e)}</del>`}link({href:e,title:t,text:n,tokens:r,autolink:s}){let o=s?y(n,!0):this.parser.parseInline(r),i=xe(e);if(i===null)return o;e=y(i,s);let a='<a href="'+e+'"';return t&&(a+=' title="'+y(t)+'"'),a+=">"+o+"</a>",a}image({href:e,title:t,text:n,tokens:r}){r&&(n=this.parser.parseInline(r,this.parser.textRenderer));let s=xe(e);if(s===null)return y(n);e=s;let o=`<img src="${y(e)}" alt="${y(n)}"`;return t&&(o+=` title="${y(t)}"`),o+=">",o}text(e){return"tokens"in e&&e.tokens?this.parser.parseInline(e.tokens):"escaped"in e&&e.escaped?e.text:y(e.text)}};var z=class{parser;strong({text:e,tokens:t}){return t?this.parser.parseInline(t,this):e}em({text:e,tokens:t}){return t?this.parser.parseInline(t,this):e}codespan({text:e}){return e}del({text:e,tokens:t}){return t?this.parser.parseInline(t,this):e}html({text:e}){return e}text({text:e}){return e}link({text:e,tokens:t}){return t?this.parser.parseInline(t,this):e}image({text:e,tokens:t}){return t?this.parser.parseInline(t,this):e}br(){return`
`}checkbox({raw:e}){return e}};var P=class l{options;renderer;textRenderer;constructor(e){this.options=e||S,this.options.renderer=this.options.renderer||new I,this.renderer=this.options.renderer,this.renderer.options=this.options,this.renderer.parser=this,this.textRenderer=new z,this.textRenderer.parser=this}static parse(e,t){return new l(t).parse(e)}static parseInline(e,t){return new l(t).parseInline(e)}parse(e){this.renderer.parser=this;let t="";for(let n=0;n<e.length;n++){let r=e[n];if(this.options.extensions?.renderers?.[r.type]){let o=r,i=this.options.extensions.renderers[o.type].call({parser:this},o);if(i!==!1||!["space","hr","heading","code","table","blockquote","list","checkbox","html","def","paragraph","text"].includes(o.type)){t+=i===!1?"":i??"";continue}}let s=r;switch(s.type){case"space":{t+=this.renderer.space(s);break}case"hr":{t+=this.renderer.hr(s);break}case"heading":{t+=this.renderer.heading(s);break}case"code":{t+=this.renderer.code(s);break}case"table":{t+=this.renderer.table(s);break}case"blockquote":{t+=this.renderer.blockquote(s);break}case"list":{t+=this.renderer.list(s);break}case"checkbox":{t+=this.renderer.checkbox(s);break}case"html":{t+=this.renderer.html(s);break}case"def":{t+=this.renderer.def(s);break}case"paragraph":{t+=this.renderer.paragraph(s);break}case"text":{t+=this.renderer.text(s);break}default:{let o='Token with "'+s.type+'" type was not found.';if(this.options.silent)return console.error(o),"";throw new Error(o)}}}return t}parseInline(e,t=this.renderer){this.renderer.parser=this;let n="";for(let r=0;r<e.length;r++){let s=e[r];if(this.options.extensions?.renderers?.[s.type]){let i=this.options.extensions.renderers[s.type].call({parser:this},s);if(i!==!1||!["escape","html","link","image","checkbox","strong","em","codespan","br","del","text"].includes(s.type)){n+=i===!1?"":i??"";continue}}let o=s;switch(o.type){case"escape":{n+=t.text(o);break}case"html":{n+=t.html(o);break}case"link":{n+=t.link(o);break}case"image":{n+=t.image(o);break}case"checkbox":{n+=t.checkbox(o);break}case"strong":{n+=t.strong(o);break}case"em":{n+=t.em(o);break}case"codespan":{n+=t.codespan(o);break}case"br":{n+=t.br(o);break}case"del":{n+=t.del(o);break}case"text":{n+=t.text(o);break}default:{let i='Token with "'+o.type+'" type was not found.';if(this.options.silent)return console.error(i),"";throw new Error(i)}}}return n}};var A=class{options;block;constructor(e){this.options=e||S}static passThroughHooks=new Set(["preprocess","postprocess","processAllTokens","emStrongMask"]);static passThroughHooksRespectAsync=new Set(["preprocess","postprocess","processAllTokens"]);preprocess(e){return e}postprocess(e){return e}processAllTokens(e){return e}emStrongMask(e){return e}provideLexer(e=this.block){return e?w.lex:w.lexInline}provideParser(e=this.block){return e?P.parse:P.parseInline}};function M(l,e){if(Array.isArray(e))for(let t=0;t<e.length;t++)l.push(e[t]);else l.push(e)}var ne=class{defaults=G();options=this.setOptions;parse=this.parseMarkdown(!0);parseInline=this.parseMarkdown(!1);Parser=P;Renderer=I;TextRenderer=z;Lexer=w;Tokenizer=_;Hooks=A;constructor(...e){this.use(...e)}walkTokens(e,t){let n=[];for(let r of e)switch(M(n,t.call(this,r)),r.type){case"table":{let s=r;for(let o of s.header)M(n,this.walkTokens(o.tokens,t));for(let o of s.rows)for(let i of o)M(n,this.walkTokens(i.tokens,t));break}case"list":{let s=r;M(n,this.walkTokens(s.items,t));break}default:{let s=r;this.defaults.extensions?.childTokens?.[s.type]?this.defaults.extensions.childTokens[s.type].forEach(o=>{let i=s[o].flat(1/0);M(n,this.walkTokens(i,t))}):s.tokens&&M(n,this.walkTokens(s.tokens,t))}}return n}use(...e){let t=this.defaults.extensions||{renderers:Object.create(null),childTokens:Object.create(null)};return e.forEach(n=>{let r={...n};if(r.async=this.defaults.async||r.async||!1,n.extensions&&(n.extensions.forEach(s=>{if(!s.name)throw new Error("extension name required");if("renderer"in s){let o=t.renderers[s.name];o?t.renderers[s.name]=function(...i){let a=s.renderer.apply(this,i);return a===!1&&(a=o.apply(this,i)),a}:t.renderers[s.name]=s.renderer}if("tokenizer"in s){if(!s.level||s.level!=="block"&&s.level!=="inline")throw new Error("extension level must be 'block' or 'inline'");let o=t[s.level];o?o.unshift(s.tokenizer):t[s.level]=[s.tokenizer],s.start&&(s.level==="block"?t.startBlock?t.startBlock.push(s.start):t.startBlock=[s.start]:s.level==="inline"&&(t.startInline?t.startInline.push(s.start):t.startInline=[s.start]))}"childTokens"in s&&s.childTokens&&(t.childTokens[s.name]=s.childTokens)}),r.extensions=t),n.renderer){let s=this.defaults.renderer||new I(this.defaults);for(let o in n.renderer){if(!(o in s))throw new Error(`renderer '${o}' does not exist`);if(["options","parser"].includes(o))continue;let i=o,a=n.renderer[i],c=s[i];s[i]=(...u)=>{let d=a.apply(s,u);return d===!1&&(d=c.apply(s,u)),d===!1?"":d??""}}r.renderer=s}if(n.tokenizer){let s=this.defaults.tokenizer||new _(this.defaults);for(let o in n.tokenizer){if(!(o in s))throw new Error(`tokenizer '${o}' does not exist`);if(["options","rules","lexer"].includes(o))continue;let i=o,a=n.tokenizer[i],c=s[i];s[i]=(...u)=>{let d=a.apply(s,u);return d===!1&&(d=c.apply(s,u)),d}}r.tokenizer=s}if(n.hooks){let s=this.defaults.hooks||new A;for(let o in n.hooks){if(!(o in s))throw new Error(`hook '${o}' does not exist`);if(["options","block"].includes(o))continue;let i=o,a=n.hooks[i],c=s[i];A.passThroughHooks.has(o)?s[i]=u=>{if(s.options.async&&A.passThroughHooksRespectAsync.has(o))return(async()=>{let h=await a.call(s,u);return c.call(s,h)})();let d=a.call(s,u);return c.call(s,d)}:s[i]=(...u)=>{if(s.options.async)return(async()=>{let h=await a.apply(s,u);return h===!1&&(h=await c.apply(s,u)),h})();let d=a.apply(s,u);return d===!1&&(d=c.apply(s,u)),d}}r.hooks=s}if(n.walkTokens){let s=this.defaults.walkTokens,o=n.walkTokens;r.walkTokens=function(i){let a=[];return M(a,o.call(this,i)),s&&M(a,s.call(this,i)),a}}this.defaults={...this.defaults,...r}}),this}setOptions(e){return this.defaults={...this.defaults,...e},this}lexer(e,t){return w.lex(e,t??this.defaults)}parser(e,t){return P.parse(e,t??this.defaults)}parseMarkdown(e){return(n,r)=>{let s={...r},o={...this.defaults,...s},i=this.onError(!!o.silent,!!o.async);if(this.defaults.async===!0&&s.async===!1)return i(new Error("marked(): The async option was set to true by an extension. Remove async: false from the parse options object to return a Promise."));if(typeof n>"u"||n===null)return i(new Error("marked(): input parameter is undefined or null"));if(typeof n!="string")return i(new Error("marked(): input parameter is of type "+Object.prototype.toString.call(n)+", string expected"));if(o.hooks&&(o.hooks.options=o,o.hooks.block=e),o.async)return(async()=>{let a=o.hooks?await o.hooks.preprocess(n):n,u=await(o.hooks?await o.hooks.provideLexer(e):e?w.lex:w.lexInline)(a,o),d=o.hooks?await o.hooks.processAllTokens(u):u;o.walkTokens&&await Promise.all(this.walkTokens(d,o.walkTokens));let p=await(o.hooks?await o.hooks.provideParser(e):e?P.parse:P.parseInline)(d,o);return o.hooks?await o.hooks.postprocess(p):p})().catch(i);try{o.hooks&&(n=o.hooks.preprocess(n));let c=(o.hooks?o.hooks.provideLexer(e):e?w.lex:w.lexInline)(n,o);o.hooks&&(c=o.hooks.processAllTokens(c)),o.walkTokens&&this.walkTokens(c,o.walkTokens);let d=(o.hooks?o.hooks.provideParser(e):e?P.parse:P.parseInline)(c,o);return o.hooks&&(d=o.hooks.postprocess(d)),d}catch(a){return i(a)}}}onError(e,t){return n=>{if(n.message+=`
Please report this to https://github.com/markedjs/marked.`,e){let r="<p>An error occurred:</p><pre>"+y(n.message+"",!0)+"</pre>";return t?Promise.resolve(r):r}if(t)return Promise.reject(n);throw n}}};var v=new ne;function x(l,e){return v.parse(l,e)}x.options=x.setOptions=function(l){return v.setOptions(l),x.defaults=v.defaults,ue(x.defaults),x};x.getDefaults=G;x.defaults=S;function jt(...l){return v.use(...l),x.defaults=v.defaults,ue(x.defaults),x}x.use=jt;x.walkTokens=function(l,e){return v.walkTokens(l,e)};x.parseInline=v.parseInline;x.Parser=P;x.parser=P.parse;x.Renderer=I;x.TextRenderer=z;x.Lexer=w;x.lexer=w.lex;x.Tokenizer=_;x.Hooks=A;x.parse=x;var En=x.options,zn=x.setOptions,Mn=x.walkTokens,Bn=x.parseInline,Dn=(/* unused pure expression or super */ null && (x)),qn=P.parse,vn=w.lex;
//# sourceMappingURL=marked.esm.js.map

;// CONCATENATED MODULE: ./lib/src/report/page/html.js

/**
 * The Markdown of the job summary as HTML. It is our own: whatever came from outside is entities in it already, and those are HTML's, too.
 * Pictures for GitHub are left out, because the page has charts.
 */
function html(markdown) {
    return markdown === '' ? '' : reader.parse(markdown, { async: false });
}
const reader = new ne({
    gfm: true,
    renderer: {
        // Wide tables scroll by themselves, by keys too, and the page does not.
        table(token) {
            const cells = (row, name) => row
                .map((cell, index) => {
                const inner = this.parser.parseInline(cell.tokens);
                // The first column names its row; an empty corner names nothing.
                if (name === 'th')
                    return inner === '' ? '<td></td>' : `<th scope="col">${inner}</th>`;
                const as = isLong(inner) ? ' class="long"' : '';
                return index === 0 && token.header[0]?.text === ''
                    ? `<th scope="row"${as}>${inner}</th>`
                    : `<td${as}>${inner}</td>`;
            })
                .join('');
            const rows = token.rows.map(row => `<tr>${cells(row, 'td')}</tr>`).join('\n');
            const title = token.header.map(cell => cell.text.replace(/<[^>]*>/g, '')).filter(name => name !== '');
            return `<div class="scroll" role="group" tabindex="0" aria-label="Table: ${title.join(', ')}"><table>\n<thead><tr>${cells(token.header, 'th')}</tr></thead>\n<tbody>${rows}</tbody></table></div>\n`;
        },
    },
});
/** Times, names and states stay whole, also on a phone; what is longer may be broken within a word. */
function isLong(inner) {
    return inner.replace(/<[^>]*>/g, '').replace(/&[^;]*;/g, '&').length > mostWhole;
}
const mostWhole = 20;

;// CONCATENATED MODULE: ./lib/src/report/page/document.js



/**
 * A page that needs nothing else: no other file, no request. Its policy lets the browser run those scripts only whose hashes it names, so
 * that nothing else in it can act.
 */
function documentOf(page, assets) {
    const { title, sections, numbers } = page;
    const [word, good] = page.status;
    const scripts = page.hasCharts ? [assets.library, assets.script] : [];
    return `${[
        '<!doctype html>',
        '<html lang="en">',
        '<head>',
        '<meta charset="utf-8">',
        `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'unsafe-inline'; script-src ${sources(scripts)}">`,
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        `<title>${title}</title>`,
        `<style>${assets.libraryStyle}\n${assets.style}</style>`,
        '</head>',
        '<body>',
        '<header>',
        `<p class="status ${good ? 'good' : 'bad'}">${word}</p>`,
        `<h1>${title}</h1>`,
        page.opening,
        `<nav aria-label="Parts of this page">${sections.map(([id, name]) => `<a href="#${id}">${name}</a>`).join('\n')}</nav>`,
        '</header>',
        '<main>',
        ...sections.map(([id, name, body]) => `<section aria-labelledby="${id}"><h2 id="${id}">${name}</h2>\n${body}</section>`),
        '</main>',
        `<footer><p class="faint">${page.footer}</p></footer>`,
        `<script type="application/json" id="numbers">${numbers}</script>`,
        ...scripts.map(script => `<script>${script}</script>`),
        '</body>',
        '</html>',
    ].join('\n')}\n`;
}
/**
 * A place for a chart, and its numbers as a table: for who cannot see it, and for paper. The script that draws the chart takes the words out
 * of its place and folds the numbers. Where it does not run, because it may not or the browser has none, both stay; `noscript` would not
 * show where only a policy forbids it, as CI servers do with pages that they keep.
 */
function figure(name, title, chart) {
    if (chart === undefined)
        return '';
    const head = [
        markdown_text(chart.across),
        ...chart.lines.map(({ role, label }) => (role === label ? role : `${role}: ${markdown_text(label)}`)),
    ];
    const rows = chart.x.map((x, index) => [String(x), ...chart.lines.map(({ values }) => String(values[index] ?? 0))]);
    const button = (act, says) => `<button type="button" hidden data-zoom="${name}" ${act} aria-label="${says}: ${title}">${says}</button>`;
    return [
        `<figure><figcaption>${title}${chart.outside === undefined ? '' : `. <strong>${chart.outside}</strong>`}</figcaption>`,
        `<div class="chart" data-chart="${name}"><p class="faint">${withoutScript}</p></div>`,
        `${button('data-by="0.5"', 'Zoom in')}${button('data-by="2"', 'Zoom out')}${button('data-go="-0.5"', 'Earlier')}${button('data-go="0.5"', 'Later')}${button('data-by="0"', 'Show all')}`,
        html(markdown_details(`Its numbers (${chart.up})`, table(head, rows), true)),
        '</figure>',
    ].join('\n');
}
const withoutScript = 'The chart is drawn by a script, which does not run here. Its numbers are below.';
function sources(scripts) {
    const hashes = scripts.map(script => `'sha256-${(0,external_node_crypto_namespaceObject.createHash)('sha256').update(script).digest('base64')}'`);
    return hashes.length === 0 ? "'none'" : hashes.join(' ');
}

;// CONCATENATED MODULE: ./lib/src/report/page/numbers.js


/** Charts have up to 121 numbers in a list, and stay whole. Texts become shorter until all of it has room. */
const numbers_most = { items: 200, characters: [500, 100, 20], bytes: 1_500_000 };
/** What machines may want of a report: the numbers, not the prose. */
function numbersOf(report) {
    const { mode, outcome, cluster, service, region, startedAt, endedAt, sides, routes, phases, weights, targets } = report;
    const numbers = {
        mode,
        status: outcome.status,
        code: 'failure' in outcome ? outcome.failure.code : null,
        cluster,
        service,
        region,
        startedAt,
        endedAt,
        before: sides?.before,
        after: sides?.after,
        candidate: sides?.candidate,
        routes,
        phases,
        weights,
        targets,
        traffic: report.traffic,
        charts: chartsOf(report),
    };
    return inertJson(numbers);
}
/**
 * JSON, bounded, in which nothing can end the script element that it is in, or begin a comment there. It has the member `truncated` when
 * a list or a text was cut.
 */
function inertJson(value) {
    const tries = numbers_most.characters.map(characters => jsonOf(value, characters));
    return tries.find(json => Buffer.byteLength(json) <= numbers_most.bytes) ?? '{"charts":{},"truncated":true}';
}
function jsonOf(value, characters) {
    let truncated = false;
    const bounded = (_, one) => {
        if (typeof one === 'string') {
            const short = plain(one, characters);
            truncated ||= short !== one && short.endsWith('\u2026');
            return short;
        }
        if (!Array.isArray(one) || one.length <= numbers_most.items)
            return one;
        truncated = true;
        return one.slice(0, numbers_most.items);
    };
    const json = JSON.stringify(value, bounded);
    // Known only now.
    const whole = truncated ? json.replace(/\}$/, `${json === '{}' ? '' : ','}"truncated":true}`) : json;
    return whole.replace(/[<>&\u2028\u2029]/g, escaped);
}
function escaped(character) {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

;// CONCATENATED MODULE: ./lib/src/report/page/page.js










/** A run as one page. What it says is said by the job summary, too, and is made inert there: escapes of Markdown are those of HTML. */
function pageOf(report, ways, assets) {
    const charts = chartsOf(report);
    const { outcome } = report;
    const page = {
        title: headline(report),
        status: [outcome.status, !('failure' in outcome)],
        opening: html([because(report), linksOf(report)].filter(part => part !== '').join('\n\n')),
        sections: withinBudget(sectionsOf(report, ways, charts).filter(([, , body]) => body !== '')),
        footer: footer(report),
        numbers: numbersOf(report),
        hasCharts: Object.keys(charts).length > 0,
    };
    return documentOf(page, assets);
}
/** Bytes of all parts together: with the scripts, the numbers and the opening, the page stays under 4 MB (docs/adr/0017). */
const mostBytes = 1_800_000;
function withinBudget(sections) {
    const { kept, left } = budget_fitting(sections.map(([, title, body]) => [title, body]), mostBytes);
    const end = html(budget_leftOut(left, 'the page would be too long'));
    return [...sections.slice(0, kept.length), ...(end === '' ? [] : [['more', 'More', end]])];
}
/** Id, title and body of each part; what there is nothing to say about is empty. */
function sectionsOf(report, ways, charts) {
    const { traffic, routes, steps, phases, targets = [], events, warnings, mode, preview } = report;
    const planned = mode === 'plan' || preview !== undefined;
    const parts = (...some) => html(some.filter(part => part !== '').join('\n\n'));
    return [
        ['versions', 'Versions', parts(...detailParts(report), planned ? plan_planPart(report) : '', way_back_wayBack(report, ways))],
        [
            'requests',
            'Requests',
            figure('flip', 'The switch: answers of each version, and failed requests', charts.flip) +
                figure('all', 'All of the time', charts.all) +
                parts(trafficPart(traffic, steps !== undefined)),
        ],
        [
            'weights',
            'Weights',
            figure('weights', 'Who was to get the traffic', charts.weights) +
                parts(routes.length === 0 ? '' : tables_routesTable(routes), steps === undefined ? '' : tables_stepsTable(steps)),
        ],
        ['phases', 'Phases', phases.length === 0 ? '' : bars(report) + parts(tables_phasesTable(phases))],
        ['targets', 'Targets', parts(...targets.map(tables_targetsTable))],
        ['logs', 'Last lines of containers', parts(logsPart(report))],
        ['warnings', 'Warnings', parts(markdown_list(warnings, 50))],
        ['events', 'Events', parts(events.length === 0 ? '' : eventsPart(report))],
        ['checks', 'Checks', planned ? '' : parts(plan_planPart(report))],
    ];
}
function footer({ service, cluster, region, startedAt, endedAt, mode }) {
    const began = new Date(startedAt).toISOString().slice(0, 19).replace('T', ' ');
    return `${mode} of ${markdown_text(service)} in cluster ${markdown_text(cluster)}, ${markdown_text(region)}; ${markdown_span(endedAt - startedAt)} from ${began} UTC on. All times are UTC.`;
}
/** What the table beside it says, to the eye. */
function bars({ phases, startedAt, endedAt }) {
    const percent = (ms) => ((Math.max(0, ms) * 100) / Math.max(1, endedAt - startedAt)).toFixed(2);
    const rows = phases.map(phase => {
        const place = `left: ${percent(phase.startedAt - startedAt)}%; width: ${percent(phase.endedAt - phase.startedAt)}%`;
        return `<span>${phase.name}</span><span class="track"><span${phase.name === 'rollback' ? ' class="bad"' : ''} style="${place}"></span></span>`;
    });
    return `<div class="bars" aria-hidden="true">\n${rows.join('\n')}\n</div>\n`;
}

;// CONCATENATED MODULE: ./lib/src/report/page/page-file.js





/**
 * Writes the report, and the folders that it is to be in.
 *
 * @param file as the input `report-path` has it: from the workspace on
 * @returns where it is
 */
async function writePage(report, file, env) {
    const place = external_node_path_namespaceObject.resolve(env.GITHUB_WORKSPACE ?? '.', file);
    // Whatever is wrong with files of the job only costs the link.
    const rollback = await rollbackPage(env).catch(() => undefined);
    const page = pageOf(report, rollback === undefined ? {} : { rollback }, readAssets());
    await makeFolder(external_node_path_namespaceObject.dirname(place));
    await (0,promises_namespaceObject.writeFile)(place, page);
    return place;
}
/** One after the other: Node's recursive `mkdir` goes on for ever where a file system lets nobody make anything, such as /proc. */
async function makeFolder(folder) {
    try {
        await (0,promises_namespaceObject.mkdir)(folder);
    }
    catch (error) {
        const { code } = error;
        if (code === 'EEXIST')
            return;
        if (code !== 'ENOENT' || external_node_path_namespaceObject.dirname(folder) === folder)
            throw error;
        await makeFolder(external_node_path_namespaceObject.dirname(folder));
        await (0,promises_namespaceObject.mkdir)(folder);
    }
}

var __webpack_exports__writePage = __webpack_exports__.x;
export { __webpack_exports__writePage as writePage };
