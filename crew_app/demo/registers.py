"""Registers of the demo hospital: who is inside, two hand-overs, papers that run out, a year's training."""

from crew_app.people.rules import Trade

GUARD, SECOND_GUARD, KEEPER = "sun", "bao2", "li"

VISITS = (
    # hours ago in, hours ago out (None: still inside), plate, visitor, reason, host
    (0.4, None, "桂A·8K6T2", "韦师傅", "送货", "总库房"),
    (1.2, None, "桂A·D31075", "", "接送病人", "急诊科"),
    (2.1, None, "", "蒙女士", "探视", "心内一病区"),
    (14.5, None, "桂A·59Q87", "施工队", "维修施工", "门诊楼改造"),
    (3.0, 2.5, "桂B·1F402", "覃师傅", "送货", "食堂"),
    (4.2, 3.1, "桂A·8K6T2", "韦师傅", "送货", "总库房"),
    (5.5, 5.0, "", "快递员", "送货", "行政楼"),
    (6.0, 4.0, "桂A·70X15", "电梯维保", "维修施工", "总务科"),
    (26.0, 25.2, "桂A·8K6T2", "韦师傅", "送货", "总库房"),
    (27.5, 22.0, "桂A·70X15", "电梯维保", "维修施工", "总务科"),
    (30.0, 29.0, "桂B·1F402", "覃师傅", "送货", "食堂"),
    (50.0, 48.0, "桂A·D31075", "", "接送病人", "急诊科"),
)

POSTS = (
    # name, English name, times of relief, trade, jobs, stock, visitors
    ("值班电工", "Duty electricians", "08:00 20:00", Trade.ELECTRICAL, True, False, False),
    ("制氧站", "Oxygen plant", "08:00 16:00 00:00", Trade.OXYGEN, True, False, False),
    ("门岗", "Gate post", "07:00 15:00 23:00", None, False, False, True),
)

HAND_OVERS = (
    # hours ago, post, who leaves, who takes over (None: has not signed), running state, a line, a note of the relief
    (
        19.0,
        "值班电工",
        "dian1",
        "dian2",
        "1#、2#变压器并列运行，发电机在自动位。",
        "七楼配电箱总开关发热，已降负荷。",
        "已测温，正常。",
    ),
    (
        7.3,
        "值班电工",
        "dian2",
        None,
        "1#变压器单台运行，2#检修。发电机油位正常。",
        "手术室双电源切换试验改到今晚。",
        "",
    ),
)

PERSON_KINDS = (
    # name, English name, months, days ahead, trades that need it
    ("低压电工作业证", "Low-voltage electrician", 36, 60, (Trade.ELECTRICAL,)),
    ("电梯维修作业证", "Lift mechanic", 48, 60, (Trade.LIFT,)),
    ("医用气体操作证", "Medical gas operator", 48, 60, (Trade.OXYGEN,)),
    ("制冷与空调作业证", "Refrigeration and air conditioning", 36, 60, ()),
)

LICENCES = (
    # log-in, kind, days since it was issued, days until it runs out
    ("wang", "低压电工作业证", 500, 595),
    ("dian1", "低压电工作业证", 1071, 24),
    ("dian2", "低压电工作业证", 1113, -18),
    ("dian3", "低压电工作业证", 300, 795),
    ("dian4", "低压电工作业证", 40, 1055),
    ("dian5", "低压电工作业证", 700, 395),
    ("ti1", "电梯维修作业证", 1405, 55),
    ("yang1", "医用气体操作证", 800, 660),
    ("yang2", "医用气体操作证", 1455, 5),
    ("kong1", "制冷与空调作业证", 600, 495),
)

TEST_KINDS = (
    # name, English name, months, kind of asset, issuer
    ("电梯定期检验", "Periodic lift inspection", 12, "lift", "市特种设备检验院"),
    ("压力容器定期检验", "Pressure vessel inspection", 36, "pressure_vessel", "市特种设备检验院"),
    ("压力表检定", "Gauge calibration", 6, "boiler", "市计量测试所"),
)

TRAININGS = (
    # days ago (below zero: planned), kind, topic, place, trainer, heads, hours, score, passed, note
    (
        12,
        "drill",
        "消防栓灭火演习",
        "住院楼前广场",
        "市消防支队",
        41,
        2,
        None,
        None,
        "集合用时 4 分钟，疏散口指引要加强。",
    ),
    (33, "test", "消防知识考试", "学术报告厅", "保卫科", 86, 1, 93, 84, ""),
    (61, "training", "倒闸操作与停电应急", "中心配电房", "李国强", 12, 3, 90, 12, "结合停电应急预案逐人操作。"),
    *(
        (days, kind, topic, place, trainer, heads, 2, score, passed, "")
        for days, kind, topic, place, trainer, heads, score, passed in (
            (75, "drill", "病员疏散演练", "心内科一病区", "保卫科", 52, None, None),
            (88, "training", "特种设备安全操作", "锅炉房", "市特检院", 14, 92, 14),
            (103, "drill", "停电应急切换演练", "中心配电房", "李国强", 18, None, None),
            (118, "drill", "台风暴雨防汛演练", "地下车库", "总务科", 36, None, None),
            (132, "test", "后勤规章制度考试", "学术报告厅", "总务科", 64, 88, 61),
            (150, "drill", "氧气泄漏处置演练", "制氧站", "市消防支队", 21, None, None),
            (166, "training", "灭火器与消防栓使用", "住院楼前广场", "保卫科", 73, None, None),
            (181, "drill", "电梯困人救援演练", "门诊楼 1 号梯", "电梯维保单位", 16, None, None),
            (205, "drill", "干粉灭火实地演习", "行政楼前", "保卫科", 48, None, None),
            (224, "training", "医疗废物收集转运", "医废暂存点", "院感科", 31, 95, 31),
            (247, "drill", "水管爆裂抢修演练", "水泵房", "水工班", 12, None, None),
            (262, "test", "消防知识考试", "学术报告厅", "保卫科", 118, 91, 112),
            (280, "drill", "病员疏散演练", "呼吸内科", "保卫科", 57, None, None),
            (301, "training", "节能降耗与巡检规范", "总务科会议室", "周慧敏", 42, None, None),
            (318, "drill", "消防栓灭火演习", "住院楼前广场", "保卫科", 44, None, None),
        )
    ),
    (-9, "drill", "电梯困人救援演练", "住院楼 3 号梯", "电梯维保单位", 0, 0, None, None, ""),
)
