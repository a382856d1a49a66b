"""Which way a sentence points: what it denies or forbids, and which of two opposites it names."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kis.assistant.answering.wording import normal, terms, terms_in_order

_BOUNDS: Final = re.compile(
    r"\b(?:no (?:more|faster|less|longer|fewer|greater|shorter|later|sooner|closer|nearer|lower|higher|further) than|not (?:only|older than)|not (?:\w+ )?(?:exceed\w*|more than|less than|longer than|larger than|greater than|higher than|smaller than|shorter than|lower than|above|over)|not (?:be |fall |drop |go )(?:below|under)|"
    r"cannot (?:exceed|be more|be less)|never (?:exceed\w*|more than|less than|above|below)|not .{0,40}?more (?:often|frequently) than|no later|no matter|no doubt)\b|넘(?:기)?지 ?(?:않|말|마)|넘어서는 안|초과하지 ?(?:않|말|마)|초과해서는 안|"
    r"(?:작|적|낮|크|많|높)지 ?않(?!아도)|뿐(?:만)? ?아니라|지 ?않(?:은지|는지|았는지)|없는지|아닌지",
    re.IGNORECASE,
)
"""What sounds like a denial and sets a bound, or asks."""
_PASSING: Final = re.compile(r"넘|초과|(?:not|never|cannot) (?:\w+ )?exceed", re.IGNORECASE)
_DENYING_EN: Final = re.compile(
    r"\b(?:instead of|rather than|stops? \w+ing|stopped \w+ing|not|never|no|nor|neither|none|nothing|nobody|cannot|without|forbidden|prohibited|prohibits?|avoid|avoids|refrain|must(?:n't)|unable|impossible|fails? to|lacks?|except|excluding|excludes?|unless|unsuitable|incompatible|unnecessary|unsupported|useless|voids?|unchanged|(?:stays?|remains?) the same|refuses?|refused|ignores?|ignored|prevents?|blocks?|(?:keep|kept|stay) away)\b|n't\b",
    re.IGNORECASE,
)
_OPENED_EN: Final = re.compile(
    r"\b(?:other than|anything but|any .{0,20} but|before|until|nobody but|nothing but|but)\b", re.IGNORECASE
)
"""What takes a denial back: never anything but, not before, not until."""
_NEEDLESS: Final = re.compile(
    r"\bneed not\b|n't (?:need|have) to\b|\bnot (?:necessary|needed|required|have to|need to)\b|않아도|필요(?:가|는)? ?없",
    re.IGNORECASE,
)
"""What says that something may be left undone; that stays so before and until whatever."""
_WITHOUT: Final = re.compile(r"없어도|\bwithout\b|\bno longer (?:needed|required|necessary)\b", re.IGNORECASE)
_DENYING_KO: Final = re.compile(
    r"않|없(?!어[지진질집져]|애)|금지|(?<=지 )말|(?<=지)말|(?<=지 )마|(?<=지)마[십세시라]|안 ?된|안 ?됩|안 ?되|(?<![가-힣])안 (?=[가-힣])|못|불가|아니|아닙|(?<=거나 )말|말 것|제외(?!한 (?:모든|나머지|다른))|삼가|삼간|피하|피한|피해|무시"
)
_OPENED_KO: Final = re.compile(
    r"(?:이외|외)에|외의|외는|(?<!지 )(?<!지)말고|전에는|전까지|까지는|까지 |밖에|아니면|아니고는|빼고"
)
_CLAUSE: Final = re.compile(
    r"[,;:]\s+|\s+[–—]\s+|(?:(?<=[가-힣][고며])(?<![최사경창재광참신][고])(?<!냉장고)(?<!(?<!지 )말고)|(?<=[가-힣]지만)|(?<=[가-힣]으나)|(?<=[가-힣]거나)|(?<=[가-힣]는데)|(?<=수 있어)|(?<=므로)|(?<=[가-힣]해서)|(?<=[가-힣]어서)|(?<=니까))\s+(?!있|나서|싶)|"
    r"\s+(?:but|and|or|whereas|so|because|then)\s+",
    re.IGNORECASE,
)
_CONDITION: Final = re.compile(
    r"\s*(?:if|when|whenever|while|once|unless|after|before|until|without|with|above|below|at|in|on|for|from|during)\b|.*(?:면|때|때는|때도|경우|경우에는|뒤에는|뒤에|후에는|후에|곳에서는|에서는)$",
    re.IGNORECASE,
)
"""What a clause begins with that says nothing without the next."""
_SHORTEST: Final = 10
_SHORTEST_KOREAN: Final = 6
_NAME: Final = 4
_VERB: Final = re.compile(
    r"\b(?:it|they|is|are|was|were|has|have|must|may|can|will|does|do|shall|should|not|never)\b|(?:^\W*[a-z]+|\b[a-z]{2,}s)\b(?= (?:the|a|an|it)\b)|\b[a-z]{2,}[a-rt-z]s (?!(?:and|or|of|in|on|from|with|without|for|at|to|by)\b)[a-z]",
    re.IGNORECASE,
)
_SAME_AGAIN: Final = re.compile(
    r"(?:\w+ ){0,3}?(?:the |a |an )\w+ ones?\b|\w+ ones?\b|(?:those|that) (?:of|for|with|in|on)\b",
    re.IGNORECASE,
)
_COUNTED: Final = re.compile(r"\d|^\W*(?:one|two|three|four|five|six|seven|eight|nine|ten)\b", re.IGNORECASE)
_DENIAL_ONLY: Final = re.compile(r"\W*(?:not|never|only)\W*", re.IGNORECASE)
_FIGURE: Final = re.compile(r"\d[\d.,]*")
_CODE_LIKE: Final = re.compile(r"[A-Z][A-Z0-9-]*\.?")
_OPPOSITES: Final = (
    (r"\bon\b(?=[.,;]|$| (?:again|when|if|only|first|before|after|for|once|while))|\b(?:switch|turn|power)\w* on\b|켜|켭|켠|켤", r"\boff\b|\bgo(?:es)? out\b|꺼|끄|끕|끈(?=[다 ])|끌 "),
    (r"\bopen(?:s|ed|ing)?\b|(?<![가-힣])열(?=[고어린려리면림])|연다|엽니다", r"\bclos(?:e|es|ed|ing)\b|\bshut|닫|잠그|잠가|잠근|잠급"),
    (r"\bincreas|\blouder\b|\brais(?:e|es|ed|ing)\b|\bris(?:e|es|ing)\b|높이|높인|높입|높여|올리|올려|올린|올립|늘리|늘린|늘립|늘어|증가|커진|커집", r"\bdecreas|\bquieter\b|\blower(?:s|ed|ing)?\b(?! than)|\breduc|\bfall(?:s|ing)?\b|낮추|낮춘|낮춥|낮춰|낮추|내리|내려|내린|내립|줄이|줄인|줄입|줄어|감소|작아"),
    (r"\babove\b|\bupper|\btop\b|(?<![가-힣])위(?=[에쪽의로는])|위쪽|상부|상단", r"\bbelow\b|\bunder(?:neath|side)?\b|\blower(?= (?:edge|part|side|end|row|half|one|limit|rack|shelf))|\bbottom\b|아래|하부|하단"),
    (r"\bleft\b|왼", r"\bright\b|오른"),
    (r"\bfront\b|앞쪽|전면|앞면", r"\brear\b|\bback (?=panel|side)|뒤쪽|후면|뒷면"),
    (r"\binputs?\b|입력|전원 쪽|\bline side", r"\boutputs?\b|출력|부하 쪽|\bload side"),
    (r"\bmaximum\b|\bmax\b|\bat most\b|\bhighest\b|\blongest\b|\blargest\b|최대|가장 (?:큰|긴|높)", r"\bminimum\b|\bmin\.|\bat least\b|\blowest\b|\bshortest\b|\bsmallest\b|최소|가장 (?:작|짧|낮)"),
    (r"\bconnect(?:s|ed|ing)?\b|\bplug(?:ged)? in\b|연결|접속", r"\bdisconnect|\bunplug|분리|뽑|떼어"),
    (r"\bup\b", r"\bdown\b"),
    (r"\btowards?\b|\binto\b", r"\baway from\b|\bout of\b"),
    (r"(?<=[가-힣] )(?:바로 )?앞에 [둔둡두놓달]", r"(?<=[가-힣] )(?:바로 )?뒤에 [둔둡두놓달]"),
    (r"\baccurate|\bexact|\bcorrect(?:ly)?\b|정확|올바", r"\binaccurate|\binexact|\bincorrect|\bwrong|틀리|틀린|틀릴|부정확"),
    (r"\bday(?:light|time)\b|\bby day\b|낮에|주간", r"\bat night\b|\bovernight\b|밤에|야간"),
    (r"앞을|앞으로|앞쪽|전방", r"뒤를|뒤로|뒤쪽|후방"),
    (r"\bruns?\b|\b(?:to|and|will|must) (?:start|begin)\b|\bstarts\b|\bbegins\b|시작", r"\b(?:to|and|will|must) (?:stop|end)\b|\bstops\b(?! \w+ing)|정지|멈추|멈춘|멈춥"),
    (r"\benabl(?:e|es|ed|ing)\b|\bactivat", r"\bdisabl|\bdeactivat"),
    (r"(?<!un)\block(?:s|ed|ing)?\b|잠그|잠가|잠근|잠긴|잠급", r"\bunlock|풀고|푼다|풀어|풀린"),
    (r"\btighten|조이|조인|죄", r"\bloosen|느슨|풀어|풀고"),
    (r"(?<!counter)(?<!counter-)(?<!anti)(?<!anti-)\bclockwise|(?<!반)(?<!반 )시계(?! ?반대)", r"counter-?clockwise|anti-?clockwise|반 ?시계|시계 ?반대"),
    (r"\bindoors?\b|옥내|실내", r"\boutdoors?\b|옥외|실외"),
    (r"\bhorizontal|수평|가로", r"\bvertical|수직|세로"),
    (r"\bkept\b|\bkeeps?\b(?= (?:its|all|the|\d|its))|\bpreserv|\bretain|유지|보존", r"\blost\b|\bloses?\b|\berase|\bdelete|지워|지우|사라|삭제"),
    (r"\b(?:brake|clutch|lock)\w* (?:is |are )?(?:applied|engaged|on)\b", r"\b(?:brake|clutch|lock)\w* (?:is |are )?(?:released|disengaged|off)\b|\breleas"),
    (r"\bwarm|\bhot\b|\bheat|뜨거|더운|따뜻", r"\bcold\b|\bcool|차가|차갑|찬 "),
    (r"\bdry\b|\bdried\b|마른|건조한", r"\bwet\b|\bdamp\b|\bmoist|젖은|습한"),
    (r"\blonger\b|\blong\b|길|긴 ", r"\bshorter\b|\bshort(?! circuit|-circuit|ing|ed)\b|짧"),
    (r"\bfaster\b|\bfast\b|빠르|빨리", r"\bslower\b|\bslow\b|느리|천천히"),
    (r"\bpermanent|계속", r"\btemporar|잠시|일시"),
    (r"\bmanual(?:ly)\b|수동|손으로", r"\bautomatic|자동|스스로"),
    (r"\bfirst\b|먼저|처음", r"\blast\b|나중|마지막"),
    (r"\bnarrower|\bthinner|\bsmaller\b|\blighter\b|\bless\b|\bfewer\b|작은|적은|더 작|가는", r"\bwider|\bthicker|\blarger\b|\bbigger\b|\bheavier\b|\bmore\b|\bgreater\b|더 큰|굵은|더 많"),
    (r"\bfull\b|가득", r"\bempty\b|빈 |비우|비어"),
    (r"\bnew\b|새 |새로운|새것|최신", r"\bold\b|\bused\b(?= part)|헌 |쓰던|낡은|오래된"),
    (r"\bpositive\b|양극", r"\bnegative\b|음극"),
    (r"\bwith load\b|\bunder load\b|부하를 건|부하가 걸린", r"\bwithout load\b|무부하"),
    (r"\bpass(?:es|ed)\b|합격|양호|정상", r"\bfail(?:s|ed)?\b|불합격|불량|비정상"),
    (r"\bsafe\b|안전하다|안전합", r"\bdangerous|\bunsafe|위험"),
    (r"\binside\b|\binternal|\binner\b|안쪽|내부", r"\boutside\b|\bexternal|\bouter\b|바깥|외부"),
    (r"\bincoming\b|인입", r"\boutgoing\b|분기"),
    (r"\bsingle-phase|단상", r"\bthree-phase|삼상|3상"),
    (r"\bac\b|교류", r"\bdc\b|직류"),
)  # fmt: skip
_MORE_OPPOSITES: Final = (
    (r"\btogether\b|\bjointly\b|함께|같이(?= )", r"\bseparate|\bapart\b|따로|별도|나누어"),
    (r"\bhighest\b|최고|최댓|최대치", r"\blowest\b|최저|최솟|최소치"),
    (r"\bstrong|\bstrengthen|강하|강해|강한|(?<![가-힣])[세센][고지진면서며집다 ]|(?<![가-힣])셀수록", r"\bweak|약하|약해|약한|약할|약합"),
    (r"(?<![가-힣])안에(?=[는서도만 ])", r"밖에(?=[는서 ])|바깥에"),
    (r"더(?= )|많이", r"덜(?= )|적게"),
    (r"\bearliest\b|빨라도|이르면", r"\blatest\b|늦어도"),
    (r"\b(?:leave|left|stays?|stay|keep|kept|put|puts) (?:\w+ ){0,3}in\b(?! (?:the|a|an|its|your))", r"\b(?:take|taken|takes|pull|remove)\w* (?:\w+ ){0,3}out\b"),
    (r"들어가|들어간|들어갑|들어오|들어온|들어옵", r"빠지|빠진|빠집|빠져|나가|나간|나갑|나오|나온"),
    (r"시작(?:되|한|하|됩|합)", r"끝나|끝난|끝납|마치|마친|종료|완료|멎"),
    (r"\bclean\b|깨끗", r"\bdirty\b|더러|더럽|지저분"),
    (r"\bforwards?\b|앞으로", r"\bbackwards?\b|\bback\b(?! (?:of|to|into|within|panel|side))|\breverse\b|뒤로"),
    (r"\buphill\b|언덕 위|오르막", r"\bdownhill\b|언덕 아래|내리막"),
    (r"\bupwards?\b|위로", r"\bdownwards?\b|아래로"),
    (r"\binwards?\b|안쪽으로", r"\boutwards?\b|바깥쪽으로"),
    (r"\bgain|\bgrow|\blengthen|길어지|길어진|길어집|커지|커진|커집|늘어나|늘어난|늘어납", r"\bshorten|\bshrink|짧아지|짧아진|짧아집|작아지|작아진|작아집|줄어들|줄어든|줄어듭|줄어|준다|줍니다"),
    (r"\bsoft(?:er)?\b|부드러|푹신|무른", r"\bhard(?:er)?\b|딱딱|단단|굳은"),
    (r"\bloose\b|\bloosely\b|헐거|느슨", r"\btight\b|\btightly\b|꽉|팽팽"),
    (r"\bexceed|\bris(?:e|es|ing) above|넘으면|넘을|초과하면", r"\b(?:fall|drop|sink)s? below|밑돌|떨어지면|내려가면"),
    (r"\bslim|\bthin\b|얇은", r"\bthick\b|두꺼운"),
    (r"\blight(?:er)?\b(?! (?:is|goes|turns|comes|blinks|flashes|up))|가벼운", r"\bheav(?:y|ier)\b|무거운"),
    (r"높은|높으|높게", r"낮은|낮으|낮게"),
    (r"키우|키운|키웁|키워", r"줄이|줄인|줄입|줄여"),
    (r"큰(?= )|크면|클수록", r"작은(?= )|작으면|작을수록"),
    (r"많은|많으", r"적은|적으"),
    (r"빠른|빠르", r"느린|느리"),
    (r"\bhigher\b|\bhigh\b|\blarger\b", r"\blower\b(?! (?:edge|part|side|end|row|half|rack|shelf|basket|key|thread))|\blow\b|\bsmaller\b"),
    (r"\bdeeper\b|\bdeep\b|깊은|깊이", r"\bshallow|얕은|얕게"),
    (r"\bfirst\b(?! time)|첫(?= )|하나라도", r"\ball\b|\blast\b|모두|전부|마지막|다 켜"),
    (r"\bbeforehand\b|\bin advance\b|미리", r"\bafterwards?\b|나중에"),
    (r"\bwith (?:the|its|their) (?:rotation|grain|flow|wind|direction|current)|(?:을|를) 따라", r"\bagainst\b|거슬러|거꾸로|반대(?:로| 방향)"),
    (r"단단히|꽉|세게", r"느슨하게|헐겁게|살살|약하게"),
    (r"\bearly\b|\bearlier\b|\bsooner\b|일찍", r"\blate\b|\blater\b|늦게"),
    (r"\bparallel\b|나란", r"\bright angles?\b|\bperpendicular|직각"),
    (r"\bstraight\b|\bupright\b|똑바로|바로 세|세워", r"\blying\b|\bon its side\b|눕히|눕혀|눕힌"),
    (r"(?<![가-힣])앞(?= [가-힣])|(?<![가-힣])앞바퀴|앞문", r"(?:^|[를을의에로와과는면고며지,] )뒤(?= [가-힣])|(?<![가-힣])뒷바퀴|뒷문"),
    (r"\bfront\b", r"\brear\b|\bback\b(?= [a-z])"),
    (r"올라가|올라간|올라갑|올라온|올라옵|오른다|오릅", r"내려가|내려간|내려갑|내려온|내려옵"),
    (r"\bris(?:e|es|ing)\b|\bgo(?:es)? up\b|\bclimbs?\b", r"\bsinks?\b|\bdrops?\b|\bfalls?\b|\bgo(?:es)? down\b"),
    (r"\b(?:is|are|stays?) lit\b|\bcomes? on\b|\bshines?\b|\bglows?\b|\blights? up\b", r"\bgo(?:es)? out\b|\b(?:is|are|stays?) (?:off|dark)\b"),
    (r"(?<=[가-힣] )앞에(?= [있두둔둡놓])", r"(?<=[가-힣] )뒤에(?= [있두둔둡놓])"),
    (r"높다|높습|높아[져진집]|높일", r"낮다|낮습|낮아[져진집]|낮출"),
    (r"\bnear(?:by)?\b|가까운", r"\bdistant\b|\bfar\b|\bfaraway\b|먼 |멀리"),
    (r"\bupstairs\b|위층|윗층", r"\bdownstairs\b|아래층"),
    (r"\barriv|도착", r"\bdepart|\bleav(?:e|ing) the|출발"),
    (r"\bsilent|\bquiet|조용", r"\bloud|\bnois|시끄"),
    (r"\bbefore(?= each| every)|직전", r"\bafter(?= each| every)|직후"),
    (r"\b(?:some|one|most|half|a third|a few)(?= of)|일부|하나만|한쪽만|절반만|대부분", r"\ball\b|\bboth\b|모두|전부|양쪽|둘 다"),
    (r"\bpush\b|\bpushed\b|밀어|미는|민다", r"\bpull\b|\bpulled\b|당겨|당긴|당기"),
    (r"\bstart|\bbegin", r"\bfinish|\bend(?:s|ed|ing)?\b"),
    (r"\bshort press|\bbrief|\bbriefly|짧게", r"\blong press|\bfor long|길게|오래"),
    (r"\bcurrent\b(?= (?:page|version|one))|\bnext\b", r"\bprevious\b|\bprior one"),
    (r"\brais(?:e|es|ed|ing)\b|올리|올려|올린|올립", r"\blower(?:s|ed|ing)\b|내리|내려|내린|내립"),
    (r"\b(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?) (?:before|earlier|ahead|in advance)\b|(?:시간|[0-9 ][분초일주년]|개월|달) ?전(?=[에까부 ,])", r"\b(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?) (?:after|later|afterwards)\b|(?:시간|[0-9 ][분초일주년]|개월|달) ?[뒤후](?=[에까부 ,])"),
)  # fmt: skip
"""Opposites by which a sentence is only held against what says nearly all else that it says: some of these words have other meanings too."""
_GROUPS: Final = (
    r"(?<![가-힣])(빨간|빨강|붉은|적색|녹색|초록|파란|파랑|청색|노란|노랑|황색|주황|흰|백색|검은|검정|흑색|회색)",
    r"\b(red|green|blue|yellow|orange|amber|white|black|grey|gray|purple|violet)\b",
    r"\b(zinc|copper|brass|steel|aluminium|aluminum|plastic|nylon|iron)\b",
    r"\b(morning|noon|afternoon|evening|night)s?\b",
    r"(?<![가-힣])(아침|점심|저녁|밤)(?=[에은이을마 ,.]|$)",
    r"\b(spring|summer|autumn|winter)\b(?! (?:clip|loaded|load))",
    r"(?<![가-힣])(봄|여름|가을|겨울)",
    r"\b(upper|middle|lower)(?= (?:rack|shelf|row|key|button|level|part|half|drawer|tray))",
    r"\b(monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b",
)
_INTERVALS: Final = (
    ("day", r"\bdaily\b|\b(?:every|each) day\b|\bonce a day\b|매일|날마다|하루에? ?(?:한 ?번|1 ?[회번])|일 1회"),
    ("week", r"\bweekly\b|\b(?:every|each) week\b|\bonce a week\b|매주|(?<!\d)주마다|(?<!\d)1 ?주(?:일)?마다|(?:일?주일|주)에? ?(?:한 ?번|1 ?[회번])"),
    ("month", r"\bmonthly\b|\b(?:every|each) month\b|\bonce a month\b|매달|매월|(?<![두세석넉섯] )(?<![두세석넉\d])달마다|(?<!\d)1 ?개월마다|(?:한 ?달|월|달|1개월)에? ?(?:한 ?번|1 ?[회번])"),
    ("year", r"\bannual(?:ly)?\b|\byearly\b|\b(?:every|each) year\b|\bonce a year\b|매년|해마다|(?<!\d)1 ?년마다|(?:1년|일 ?년|연|년)에? ?(?:한 ?번|1 ?[회번])"),
    ("hour", r"\bhourly\b|\b(?:every|each) hour\b|매시간|시간마다"),
    ("quarter", r"\bquarterly\b|분기마다|분기에 한 번"),
)  # fmt: skip
_INTERVAL: Final = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _INTERVALS)
_EVEN: Final = {"gray": "grey", "aluminum": "aluminium", "amber": "orange", "빨강": "빨간", "붉은": "빨간", "적색": "빨간", "초록": "녹색", "초록색": "녹색", "파랑": "파란", "청색": "파란", "노랑": "노란", "황색": "노란", "백색": "흰", "검정": "검은", "흑색": "검은", "violet": "purple"}  # fmt: skip
_PAIRS: Final = tuple(
    (re.compile(a, re.IGNORECASE), re.compile(b, re.IGNORECASE)) for a, b in (*_OPPOSITES, *_MORE_OPPOSITES)
)
PLAIN_PAIRS: Final = len(_OPPOSITES)
"""The pairs of opposites up to this one mean nothing else."""
_CHOICES: Final = tuple(re.compile(group, re.IGNORECASE) for group in _GROUPS)


_IF: Final = re.compile(r"\b(?:even )?(?:if|when|because|although)\b[^,;]*", re.IGNORECASE)
"""A clause that says when; what it denies is not what the sentence denies."""
_CONDITIONS: Final = re.compile(
    r"\b(?:even )?(?:if|when|unless|because|although)\b[^,;]*|\bstop(?:s|ped)? (?=\w+ing\b)|\S+(?:지 ?않으면|지 ?않을 때는?|이 없으면|가 없으면|지 못하면)",
    re.IGNORECASE,
)
_EXCEPTED: Final = re.compile(
    r"\bexcept(?: for)?\b|\bexcluding\b|\bother than\b|\bunless\b|\buntil\b|\bbefore\b", re.IGNORECASE
)
_EXCEPTED_KO: Final = re.compile(
    r"(?<=기 )전에|을 제외|를 제외|이외|외에|외의|외는|전에는|전까지|까지는|밖에"
)


@dataclass(frozen=True, slots=True)
class Pointing:
    """What a clause denies and which opposites it names."""

    denials: int
    sides: tuple[int, ...]
    """Of each pair of opposites: 1 the first, -1 the second, 0 none or both."""
    choices: tuple[frozenset[str], ...]
    """Of each group of which only one holds, such as colours: what is named."""
    denied: frozenset[str]
    """Words that are denied: in English those behind the denial, in Korean the one before it."""
    excepted: frozenset[str]
    """Words of that for which a denial does not hold."""
    is_opened: bool

    @property
    def is_denied(self) -> bool:
        """Tell whether it says that something is not, must not be, or does not happen."""
        return self.denials % 2 == 1


@lru_cache(maxsize=4096)
def clauses(sentence: str) -> tuple[str, ...]:
    """Return the clauses of a sentence, each of which can be denied by itself."""
    found: list[str] = []
    begin, between = 0, ""
    for match in (*_CLAUSE.finditer(sentence), None):
        piece = sentence[begin : match.start() if match else len(sentence)]
        if found and _belong_together(found[-1], between, piece):
            found[-1] += between + piece
        elif piece.strip():
            found.append(piece)
        if match:
            begin, between = match.end(), match[0]
    return tuple(found)


def _belong_together(one: str, between: str, other: str) -> bool:
    if _DENIAL_ONLY.fullmatch(one):
        return True
    if between.strip() == ";" or (
        _SAME_AGAIN.match(other) and len(terms(one)) > 1 and not _CONDITION.match(one)
    ):
        return False  # a yellow lamp stands for a warning, a red one for a fault
    shortest = _SHORTEST_KOREAN if re.search("[가-힣]", other) else _SHORTEST
    if (len(other) < shortest and between.strip() != "but") or _CONDITION.match(one) or _names_only(one):
        return True
    left, right = one.rsplit(maxsplit=1)[-1:], other.split(maxsplit=1)[:1]
    return not left or not right or _are_of_a_list(left[0], between, right[0])


def _are_of_a_list(left: str, between: str, right: str) -> bool:
    if any(a * b < 0 for a, b in zip(_sides(left), _sides(right), strict=True)):
        return True  # above and below, open or closed
    if _FIGURE.fullmatch(left) and _FIGURE.fullmatch(right):
        return True  # channels 1, 6 and 11
    is_list = between.strip() in {"and", "or", ","}
    return is_list and bool(_CODE_LIKE.fullmatch(left) and _CODE_LIKE.fullmatch(right))


def _names_only(piece: str) -> bool:
    """Tell whether a piece is the first of a list, without a verb or figure of its own: earth fault, short circuit and ..."""
    is_korean = re.search("[가-힣]", piece) is not None
    if _COUNTED.search(piece) or is_korean:
        return False
    return len(terms(piece)) <= _NAME and not _VERB.search(piece)


def _sides(text: str) -> tuple[int, ...]:
    return tuple(bool(first.search(text)) - bool(second.search(text)) for first, second in _PAIRS)


@lru_cache(maxsize=16384)
def pointing(clause: str) -> Pointing:
    """Return which way a clause points."""
    text = normal(clause)
    has_figure = re.search(r"\d", text) is not None
    # What is not exceeded without a figure behind it is denied: the current stays below the rated one.
    bare = _BOUNDS.sub(lambda match: match[0] if _PASSING.match(match[0]) and not has_figure else " ", text)
    main = _IF.sub(" ", bare)
    denials = len(_DENYING_EN.findall(main)) or len(_DENYING_EN.findall(bare))
    denials += len(_DENYING_KO.findall(bare))
    is_opened = bool(_OPENED_EN.search(bare) or _OPENED_KO.search(bare)) and not _NEEDLESS.search(bare)
    return Pointing(
        denials,
        _sides(text),
        (*(_chosen(group, text) for group in _CHOICES), _intervals(text)),
        _denied(bare),
        _excepted(bare),
        bool(denials) and is_opened,
    )


def is_needless(text: str) -> bool:
    """Tell whether a text says that something may be missing or left undone."""
    return _NEEDLESS.search(text) is not None or _WITHOUT.search(text) is not None


@lru_cache(maxsize=8192)
def opposites_in(text: str) -> tuple[tuple[int, int, int, str], ...]:
    """Return where a text names one of several that exclude each other: the number of their group, where it begins and ends, and which it is."""
    found = [
        (group, match.start(), match.end(), side)
        for group, pair in enumerate(_PAIRS)
        for side, pattern in zip(("+", "-"), pair, strict=True)
        for match in pattern.finditer(text)
    ]
    found += [
        (len(_PAIRS) + group, match.start(), match.end(), next(iter(_chosen(pattern, match[0])), match[0]))
        for group, pattern in enumerate(_CHOICES)
        for match in pattern.finditer(text)
    ]
    return tuple(sorted(found, key=lambda each: each[1]))


def _chosen(group: re.Pattern[str], text: str) -> frozenset[str]:
    return frozenset(_EVEN.get(word.casefold(), word.casefold()) for word in group.findall(text))


def _intervals(text: str) -> frozenset[str]:
    return frozenset(name for name, pattern in _INTERVAL if pattern.search(text))


def _denied(text: str) -> frozenset[str]:
    found: set[str] = set()
    for match in _DENYING_EN.finditer(text):
        found |= set(terms_in_order(re.split(r"[,;.]", text[match.end() :])[0])[:1])
    for match in _DENYING_KO.finditer(text):
        found |= set(terms_in_order(text[: match.start()])[-1:])
    return frozenset(found)


def _excepted(text: str) -> frozenset[str]:
    found: set[str] = set()
    for match in _EXCEPTED.finditer(text):
        found |= terms(text[match.end() :].partition(",")[0])
    for match in _EXCEPTED_KO.finditer(text):
        found |= set(terms_in_order(text[: match.start()])[-2:])
    return frozenset(found)


def deny_differently(
    one: Pointing, words: frozenset[str], other: Pointing, other_words: frozenset[str]
) -> bool:
    """Tell whether one denies what the other does not, exceptions counted where the other speaks of what is excepted."""
    if 0 not in {one.denials, other.denials}:
        # Two denials beside each other deny two things as often as they cancel out.
        return False
    return _holds(one, other, other_words) != _holds(other, one, words)


def _holds(one: Pointing, other: Pointing, words: frozenset[str]) -> bool:
    """Tell whether one denies, seen from the other: not before, said of what is before, is a denial; else it is what has to come first."""
    is_same = bool(one.excepted) and one.excepted == other.excepted
    if not one.is_opened or is_same:
        return one.is_denied
    return one.is_denied != bool(one.excepted & words)


def denies_mainly(text: str) -> bool:
    """Tell whether a clause denies in its main part, whatever it denies of when and if."""
    main = _BOUNDS.sub(" ", _CONDITIONS.sub(" ", normal(text)))
    return (len(_DENYING_EN.findall(main)) + len(_DENYING_KO.findall(main))) % 2 == 1


def are_opposite(one: Pointing, other: Pointing) -> bool:
    """Tell whether they name opposites: on and off, above and below."""
    sides = zip(one.sides[:PLAIN_PAIRS], other.sides[:PLAIN_PAIRS], strict=True)
    return any(a * b < 0 for a, b in sides)


@lru_cache(maxsize=16384)
def opposed(one: str, other: str) -> int:
    """Return how many words of a clause have their opposite in another: more and higher is what less and lower is, no contradiction."""
    text = normal(one)
    sides = zip(_PAIRS, pointing(one).sides, pointing(other).sides, strict=True)
    opposite = [pair for pair, a, b in sides if a * b < 0]
    places = sorted(match.span() for pair in opposite for pattern in pair for match in pattern.finditer(text))
    return sum(
        not place or begin >= max(end for _, end in places[:place]) for place, (begin, _) in enumerate(places)
    )


def words_of_side(place: int, text: str) -> frozenset[str]:
    """Return the words of a text that name one of a pair of opposites."""
    found: set[str] = set()
    for pattern in _PAIRS[place]:
        for match in pattern.finditer(text):
            begin = text.rfind(" ", 0, match.start() + 1) + 1
            end = text.find(" ", max(begin, match.end() - 1))
            found |= terms(text[begin : end if end > 0 else len(text)])
    return frozenset(found)


def named(place: int, text: str) -> list[str]:
    """Return what a text names of a group of which only one holds, as it stands there."""
    if place == len(_CHOICES):
        return [match[0] for _, pattern in _INTERVAL for match in pattern.finditer(text)]
    return [str(word) for word in _CHOICES[place].findall(text)]
